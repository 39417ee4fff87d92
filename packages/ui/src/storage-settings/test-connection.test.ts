import { describe, expect, test } from 'vitest'
import { type Fetch, testConnection } from './test-connection'

const health = { status: 'ok', version: '1.2.3', protocol: 2, auth: 'none', timestamp: 1 }
const answering =
  (body: unknown, status = 200): Fetch =>
  async () =>
    Response.json(body, { status })
const ask = (
  fetch: Fetch,
  { url = 'https://a.example', timeoutMs = 1000, signal = new AbortController().signal } = {},
) => testConnection({ url, fetch, timeoutMs, signal })

/** Never answers, as a black hole; gives up when it is told to. */
const silent: Fetch = (_, init) =>
  new Promise((_resolve, reject) => {
    const giveUp = () => reject(new DOMException('It was aborted', 'AbortError'))
    if (init?.signal?.aborted) giveUp()
    init?.signal?.addEventListener('abort', giveUp)
  })

describe('the connection test', () => {
  test('tells how long the answer took, the version, and whether to sign in', async () => {
    expect(await ask(answering(health))).toEqual({
      kind: 'ok',
      milliseconds: expect.any(Number),
      version: '1.2.3',
      needsSignIn: false,
    })
    expect(await ask(answering({ ...health, auth: 'required' }))).toMatchObject({ kind: 'ok', needsSignIn: true })
  })

  test.each([
    ['https://a.example', 'https://a.example/health'],
    ['https://a.example/', 'https://a.example/health'],
    ['https://a.example/storage//', 'https://a.example/storage/health'],
  ])('asks %s at %s, and sends nothing of the user', async (url, address) => {
    const asked: unknown[] = []
    const fetch: Fetch = async (input, init) => {
      asked.push([input, init?.credentials, init?.headers, init?.body])
      return Response.json(health)
    }
    await ask(fetch, { url })
    expect(asked).toEqual([[address, 'omit', undefined, undefined]])
  })

  test.each([
    ['a page of a proxy', async () => new Response('<!doctype html>')],
    ['an answer that is cut off', async () => new Response('{"status": "o')],
    ['null', answering(null)],
    ['a list', answering([])],
    ['some other service', answering({ status: 'ok' })],
  ] satisfies [string, Fetch][])('takes %s for no storage server', async (_, fetch) => {
    expect(await ask(fetch)).toEqual({ kind: 'not-storage' })
  })

  test('tells an older from a newer protocol', async () => {
    expect(await ask(answering({ ...health, protocol: 3 }))).toMatchObject({ kind: 'other-protocol', isNewer: true })
    expect(await ask(answering({ ...health, protocol: 1 }))).toMatchObject({ kind: 'other-protocol', isNewer: false })
  })

  test('passes on what the server says of an error, and not more than can be read', async () => {
    const error = { code: 'HOST_NOT_ALLOWED', message: 'No.'.repeat(1000) }
    const result = await ask(answering({ error }, 403))
    expect(result).toEqual({ kind: 'error', status: 403, message: 'No.'.repeat(100) })
    expect(await ask(async () => new Response('', { status: 502 }))).toEqual({
      kind: 'error',
      status: 502,
      message: '',
    })
  })

  test('tells a server that does not let this page in from one that is not there', async () => {
    const closed: Fetch = async (_, init) => {
      if (init?.mode === 'no-cors') return new Response()
      throw new TypeError('Failed to fetch')
    }
    expect(await ask(closed)).toEqual({ kind: 'cors' })
    expect(await ask(() => Promise.reject(new TypeError('Failed to fetch')))).toEqual({ kind: 'unreachable' })
  })

  test('gives up after a while', async () => {
    expect(await ask(silent, { timeoutMs: 5 })).toEqual({ kind: 'timeout', milliseconds: 5 })
  })

  test('can be cancelled, before and while it asks', async () => {
    const controller = new AbortController()
    const asking = ask(silent, { signal: controller.signal })
    controller.abort()
    await expect(asking).rejects.toThrow('aborted')
    await expect(ask(silent, { signal: controller.signal })).rejects.toThrow('aborted')
  })
})
