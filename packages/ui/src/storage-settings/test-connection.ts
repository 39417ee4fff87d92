/** What a server said of itself, or why it did not. */
export type ConnectionResult =
  | { kind: 'ok'; milliseconds: number; version: string; needsSignIn: boolean }
  | { kind: 'other-protocol'; version: string; isNewer: boolean }
  | { kind: 'error'; status: number; message: string }
  | { kind: 'not-storage' | 'cors' | 'unreachable' }
  | { kind: 'timeout'; milliseconds: number }

export type Fetch = typeof fetch
export type ConnectionTest = { url: string; fetch: Fetch; timeoutMs: number; signal: AbortSignal }

/** The protocol that the kit's client speaks. */
const PROTOCOL = 2
const LONGEST_MESSAGE = 300

/** Asks a server how it is, and nothing else: no data and no token is sent. Rejects with an `AbortError` when it is cancelled. */
export async function testConnection({ url, fetch, timeoutMs, signal }: ConnectionTest): Promise<ConnectionResult> {
  const deadline = limit(signal, timeoutMs)
  try {
    return await ask(healthAddress(url), fetch, deadline.signal)
  } catch (error) {
    if (signal.aborted) throw error
    return { kind: 'timeout', milliseconds: timeoutMs }
  } finally {
    deadline.end()
  }
}

/** Beside the address, with whatever path it has. */
function healthAddress(url: string): string {
  return `${url.replace(/\/+$/, '')}/health`
}

/** Aborts with `outer`, or when the time is over. */
function limit(outer: AbortSignal, timeoutMs: number): { signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, timeoutMs)
  outer.addEventListener('abort', abort)
  if (outer.aborted) abort()
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      outer.removeEventListener('abort', abort)
    },
  }
}

async function ask(address: string, fetch: Fetch, signal: AbortSignal): Promise<ConnectionResult> {
  const start = performance.now()
  let response: Response
  try {
    response = await fetch(address, { signal, credentials: 'omit', cache: 'no-store' })
  } catch (error) {
    if (signal.aborted) throw error
    return isThere(address, fetch, signal)
  }
  const milliseconds = performance.now() - start
  const body = await readJson(response, signal)
  return response.ok ? describe(body, milliseconds) : describeFailure(response.status, body)
}

/** A browser does not say why a request failed. One whose answer no page may read gets through where only CORS is in the way. */
async function isThere(address: string, fetch: Fetch, signal: AbortSignal): Promise<ConnectionResult> {
  try {
    await fetch(address, { signal, mode: 'no-cors', credentials: 'omit', cache: 'no-store' })
    return { kind: 'cors' }
  } catch (error) {
    if (signal.aborted) throw error
    return { kind: 'unreachable' }
  }
}

async function readJson(response: Response, signal: AbortSignal): Promise<unknown> {
  try {
    return await response.json()
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}

function describe(body: unknown, milliseconds: number): ConnectionResult {
  const { status, version, protocol, auth } = membersOf(body)
  if (status !== 'ok' || typeof version !== 'string' || typeof protocol !== 'number') return { kind: 'not-storage' }
  if (protocol !== PROTOCOL) return { kind: 'other-protocol', version, isNewer: protocol > PROTOCOL }
  return { kind: 'ok', milliseconds, version, needsSignIn: auth !== 'none' }
}

function describeFailure(status: number, body: unknown): ConnectionResult {
  const { message } = membersOf(membersOf(body).error)
  return { kind: 'error', status, message: typeof message === 'string' ? message.slice(0, LONGEST_MESSAGE) : '' }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
