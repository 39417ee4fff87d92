import type { GetToken } from '../../types'
import type { Check } from './answers'
import { createRequests } from './requests'
import { ServerError } from './server-error'

export type ServerOptions = {
  url: string
  getToken?: GetToken | undefined
  /** Longest time for one call, repeats included, in milliseconds. */
  timeoutMs: number
}

export type Request = { path: string; body?: unknown; deadline?: number }

export interface Server {
  /** The address, as messages name it. */
  readonly origin: string
  /**
   * Asks with GET, or with POST where there is a body, and again when there is an outage and time left. So what is asked for
   * must be harmless to repeat.
   */
  ask<Answer>(request: Request, check: Check<Answer>): Promise<Answer>
  /** Ends what is under way. */
  close(): void
}

/** A slow line gets more time for a long body: this many bytes take a millisecond. */
const BYTES_PER_MS = 16
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 2_000

/** Speaks with one server in bounded time, outages included. */
export function createServer({ url, getToken, timeoutMs }: ServerOptions): Server {
  const { origin } = new URL(url)
  const requests = createRequests(url, getToken)

  async function ask<Answer>(request: Request, check: Check<Answer>): Promise<Answer> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body)
    const allowedMs = timeoutMs + (body?.length ?? 0) / BYTES_PER_MS
    const deadline = request.deadline ?? Date.now() + allowedMs
    let outage: ServerError | undefined
    for (let attempt = 0; ; attempt++) {
      // Half of the time for one attempt, so that there is another when an answer is lost.
      const fairMs = allowedMs / 2
      const attemptMs = Math.max(1, Math.min(deadline - Date.now(), fairMs))
      try {
        return await requests.ask({ path: request.path, body, limitMs: attemptMs }, check)
      } catch (error) {
        if (!(error instanceof ServerError)) throw error
        outage = sumUp(outage, error, attemptMs < fairMs)
        const waitMs = error.retryAfterMs ?? Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)
        if (!error.mayBeRepeated || Date.now() + waitMs >= deadline) throw outage
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }
  }

  return { origin, ask, close: requests.close }
}

/** What to say of all attempts: the last one may get a moment only, and that it ran out does not tell what is wrong. */
function sumUp(before: ServerError | undefined, error: ServerError, wasCutShort: boolean): ServerError {
  if (!before) return error
  const telling = wasCutShort && error.code === 'TIMEOUT' ? before : error
  telling.isUncertain = before.isUncertain || error.isUncertain
  return telling
}
