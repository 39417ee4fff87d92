import { createSparkService, type Fault } from '../../../../test-servers/spark-service'
import type { SparkKV } from '../spark-store'

export type SparkSpace = {
  kv: SparkKV
  /** Sets what goes wrong from now on, or that nothing does; resolves to the number of requests since the last call. */
  setFault(fault: Fault | null): Promise<number>
}

/** Points the real Spark client at a space of its own on the test server. */
export async function useSparkSpace(): Promise<SparkSpace> {
  const space = crypto.randomUUID()
  // Spark's build puts the address in the place of this name; as a global it can change from test to test.
  Object.assign(globalThis, { BASE_KV_SERVICE_URL: `/_spark/${space}/kv` })
  await import('@github/spark/spark')
  return {
    kv: (globalThis as unknown as { spark: { kv: SparkKV } }).spark.kv,
    async setFault(fault) {
      const response = await fetch(`/_spark/${space}/fault`, { method: 'PUT', body: JSON.stringify(fault) })
      return Number(await response.text())
    },
  }
}

/** Answers the client's requests in the page, for tests of so many values that HTTP takes too long. */
export function serveSparkInPage(): () => void {
  const { fetch } = globalThis
  const service = createSparkService()
  globalThis.fetch = async (input, init = {}) => {
    const path = typeof input === 'string' && input.startsWith('/_spark') ? input.slice('/_spark'.length) : undefined
    if (path === undefined) return fetch(input, init)
    const answer = service({ method: init.method ?? 'GET', path, body: init.body as string })
    return answer ? new Response(answer.status === 204 ? null : answer.body, { status: answer.status }) : never()
  }
  return () => void (globalThis.fetch = fetch)
}

const never = (): Promise<Response> => new Promise(() => undefined)
