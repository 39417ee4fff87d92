import type { Fault } from '../../../../test-servers/spark-kv'
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
