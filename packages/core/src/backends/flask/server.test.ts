import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createServer } from './server'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const isAnything = (_answer: unknown): _answer is unknown => true

/** Refuses connections for so long, and does not answer those that come later. */
function refuseFor(milliseconds: number): void {
  const end = Date.now() + milliseconds
  vi.stubGlobal('fetch', (_url: string, { signal }: { signal: AbortSignal }) => {
    if (Date.now() < end) return Promise.reject(new TypeError('Failed to fetch'))
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
    )
  })
}

function ask(timeoutMs: number): Promise<unknown> {
  const server = createServer({ url: 'http://localhost:5001', timeoutMs })
  return server.ask({ path: '/' }, isAnything).catch((error: unknown) => error)
}

test('[E2] the last attempt, which gets a moment only, does not hide why those before it failed', async () => {
  for (let refusedMs = 1_500; refusedMs < 2_000; refusedMs += 50) {
    refuseFor(refusedMs)
    const outcome = ask(2_000)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(await outcome).toMatchObject({ code: 'NETWORK', isUncertain: true })
  }
})

test('[E1] a server that does not answer is too slow, and said to be', async () => {
  refuseFor(0)
  const outcome = ask(2_000)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(await outcome).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('within 1 s') as string })
})
