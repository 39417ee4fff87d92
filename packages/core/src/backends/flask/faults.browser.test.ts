import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ChangeEvent, createUnifiedStorage, type UnifiedStorage, type UnifiedStorageOptions } from '../../index'
import { createFlaskBackend } from './index'
import { type FlaskServer, hasPython, useFlask } from './testing/flask-server'

vi.setConfig({ testTimeout: 60_000 })

let server: FlaskServer
const opened: UnifiedStorage[] = []

beforeEach(() => {
  server = useFlask()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
})

function open(options: UnifiedStorageOptions = {}): UnifiedStorage {
  const storage = createUnifiedStorage({ name: crypto.randomUUID(), flaskUrl: server.url, ...options })
  opened.push(storage)
  return storage
}

/** Gives up soon, for tests that wait until it does. */
const impatient = { backends: { flask: createFlaskBackend({ timeoutMs: 2_000 }) } }
const increment = (n = 0): number => n + 1
const wrote = '/transactions'
const read = '/read'

describe.skipIf(!hasPython)('answers that are lost', () => {
  test.each(['lost', 'truncated', 'refused'] as const)(
    '[O4] an update whose answer is %s once takes effect once',
    async (kind) => {
      const storage = open()
      await storage.set('n', 5)
      await server.setFault({ kind, path: wrote, times: 1 })
      const outcome = await storage.update<number>('n', increment).catch((error: { code: string }) => error.code)
      expect(kind === 'truncated' ? ['HTTP', 6] : [6]).toContain(outcome)
      expect(await storage.get('n')).toBe(6)
      expect(await storage.update<number>('n', increment)).toBe(7)
      expect(await storage.get('n')).toBe(7)
    },
  )

  test('[O2] a write whose answers are all lost is unknown; its request that comes late changes nothing any more', async () => {
    const storage = open(impatient)
    await storage.set('key', 'old')
    await server.setFault({ kind: 'refused', path: wrote })
    const late = interceptNext(wrote)
    await expect(storage.set('key', 'given up')).rejects.toMatchObject({ code: 'NETWORK', backend: 'flask' })
    await server.setFault(null)
    await storage.set('key', 'newer')
    const { status } = await fetch(...(await late))
    expect(status).toBe(422)
    expect(await storage.get('key')).toBe('newer')
  })

  test('[O2] after a write that was done although its answers were lost, work goes on', async () => {
    const storage = open(impatient)
    await storage.set('n', 1)
    await server.setFault({ kind: 'lost', path: wrote })
    await expect(storage.update<number>('n', increment)).rejects.toMatchObject({ code: 'NETWORK' })
    await server.setFault(null)
    expect(await storage.get('n')).toBe(2)
    expect(await storage.update<number>('n', increment)).toBe(3)
  })
})

describe.skipIf(!hasPython)('a server that is away', () => {
  test('[E2] refused: reads and writes reject with NETWORK, and what is stored stays', async () => {
    const storage = open(impatient)
    await storage.set('key', 1)
    await server.setFault({ kind: 'refused' })
    const code = {
      name: 'StorageError',
      code: 'NETWORK',
      backend: 'flask',
      message: expect.stringContaining('cannot be reached') as string,
    }
    await expect(storage.get('key')).rejects.toMatchObject(code)
    await expect(storage.set('key', 2)).rejects.toMatchObject(code)
    await expect(storage.keys()).rejects.toMatchObject(code)
    await server.setFault(null)
    expect(await storage.get('key')).toBe(1)
  })

  test('[E1] a black hole: TIMEOUT, and what waits behind it goes on', async () => {
    const storage = open(impatient)
    await storage.set('key', 1)
    await server.setFault({ kind: 'silent' })
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'TIMEOUT', backend: 'flask' })
    await server.setFault(null)
    expect(await storage.get('key')).toBe(1)
  })

  test('[S1] [D3] a black hole at the start is stood in for within 15 s', async () => {
    await server.setFault({ kind: 'silent' })
    const storage = open()
    const start = Date.now()
    await storage.set('key', 1)
    expect(Date.now() - start).toBeLessThan(16_000)
    expect(storage.getState().standIn).toMatchObject({ wanted: 'flask', error: { code: 'TIMEOUT' } })
  })

  test('slow answers are answers', async () => {
    await server.setFault({ kind: 'slow', ms: 500 })
    const storage = open()
    await storage.set('key', 1)
    expect(await storage.update<number>('key', increment)).toBe(2)
  })

  test.each([
    [{ kind: 'refused' }],
    [{ kind: 'answer', status: 502 }],
    [{ kind: 'answer', status: 503 }],
    [{ kind: 'answer', status: 504, body: '<html>gateway</html>' }],
  ] as const)('[O4] flapping: with %j twice, everything works, once', async (fault) => {
    const storage = open()
    await storage.set('n', 1)
    for (const path of [read, wrote]) {
      await server.setFault({ ...fault, path, times: 2 })
      await storage.update<number>('n', increment)
    }
    await server.setFault(null)
    expect(await storage.get('n')).toBe(3)
  })

  test('[X6] [X7] [D3] Flask down: IndexedDB stands in, few requests are made, and what waited is brought when it is back', async () => {
    const name = crypto.randomUUID()
    await open({ name }).set('before', 1)
    await server.setFault({ kind: 'answer', status: 500 })
    const storage = open({ name })
    await storage.set('meanwhile', 2)
    expect(await storage.getBackend()).toBe('indexeddb')
    expect(storage.getState().standIn).toMatchObject({ wanted: 'flask', pending: 1 })
    await expect(storage.keys()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(storage.get('before')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await server.setFault(null)).toBeLessThan(5)
    await storage.sync.syncNow()
    expect(await storage.getBackend()).toBe('flask')
    expect({ ...(await storage.exportData()) }).toEqual({ before: 1, meanwhile: 2 })
  })

  test('[X8] deleting an absent key is no outage', async () => {
    const storage = open()
    await storage.set('kept', 1)
    await storage.delete('never there')
    expect(await storage.getBackend()).toBe('flask')
    expect(storage.getState().standIn).toBeUndefined()
  })

  test('[X9] [D1] the address that is recorded wins over one that is configured later', async () => {
    const name = crypto.randomUUID()
    await open({ name }).set('key', 1)
    const storage = open({ name, flaskUrl: 'http://localhost:9' })
    expect(await storage.get('key')).toBe(1)
    expect(await storage.getBackend()).toBe('flask')
  })
})

describe.skipIf(!hasPython)('answers that say no', () => {
  const cases = [
    [401, 'UNAUTHORIZED', 'getToken'],
    [403, 'UNAUTHORIZED', 'role'],
    [413, 'QUOTA_EXCEEDED', 'Write less'],
    [422, 'HTTP', '422'],
    [426, 'UNSUPPORTED', 'Reload'],
    [500, 'HTTP', '500'],
  ] as const

  test.each(cases)('[E2] %i is %s, said in words, asked once, and nothing is written', async (status, code, words) => {
    const storage = open()
    await storage.set('key', 'old')
    const error = { error: { code: 'X', message: 'In the own words of the server.', requestId: '1' } }
    await server.setFault({ kind: 'answer', status, body: JSON.stringify(error), path: '/(read|transactions)' })
    const refusal = await storage.get('key').catch((problem: unknown) => problem)
    expect(refusal).toMatchObject({ code, backend: 'flask', message: expect.stringContaining(words) as string })
    expect((refusal as Error).message).toContain('In the own words of the server.')
    await expect(storage.set('key', 'new')).rejects.toMatchObject({ code })
    await expect(storage.update('key', () => 'new')).rejects.toMatchObject({ code })
    expect(await server.setFault(null)).toBe(3)
    expect(await storage.get('key')).toBe('old')
    await storage.set('key', 'new')
  })

  test('429 is waited out when the server says how long, and that is soon', async () => {
    const storage = open()
    await storage.set('key', 1)
    await server.setFault({ kind: 'answer', status: 429, headers: { 'Retry-After': '1' }, path: read, times: 1 })
    expect(await storage.get('key')).toBe(1)
    await server.setFault({ kind: 'answer', status: 429, headers: { 'Retry-After': '3600' }, path: read })
    await expect(storage.get('key')).rejects.toMatchObject({
      code: 'HTTP',
      message: expect.stringContaining('too many requests') as string,
    })
    expect(await server.setFault(null)).toBe(1)
  })

  test('410: changes that are no longer listed make everybody read again', async () => {
    const name = crypto.randomUUID()
    const storage = open({ name })
    const events = listen(storage)
    await storage.set('key', 1)
    const error = { error: { code: 'SINCE_TOO_OLD', message: 'Gone.', requestId: '1', head: 1 } }
    await server.setFault({ kind: 'answer', status: 410, body: JSON.stringify(error), path: '/changes' })
    dispatchEvent(new Event('focus'))
    await expect.poll(() => events).toContainEqual({ type: 'reload', origin: 'remote' })
  })
})

describe.skipIf(!hasPython)('answers that are none', () => {
  const html = {
    kind: 'answer',
    status: 200,
    headers: { 'Content-Type': 'text/html' },
    body: '<p>Please sign in</p>',
  } as const

  test.each([
    ['a login page', html],
    ['half an answer', { kind: 'truncated' }],
    ['JSON of another shape', { kind: 'answer', status: 200, body: '{"items":{}}' }],
    ['null', { kind: 'answer', status: 200, body: 'null' }],
    ['a redirect', { kind: 'answer', status: 302, headers: { Location: 'http://localhost:9/' } }],
  ] as const)('[E2] %s is HTTP: unknown is not absent', async (_what, fault) => {
    const storage = open()
    await storage.set('key', 'old')
    const updater = vi.fn(() => 'new')
    await server.setFault({ ...fault, path: '/(read|snapshot|index)' })
    const code = { code: 'HTTP', backend: 'flask' }
    await expect(storage.get('absent')).rejects.toMatchObject(code)
    await expect(storage.keys()).rejects.toMatchObject(code)
    await expect(storage.exportData()).rejects.toMatchObject(code)
    await expect(storage.update('key', updater)).rejects.toMatchObject(code)
    await server.setFault(null)
    expect(updater).not.toHaveBeenCalled()
    expect(await storage.get('key')).toBe('old')
  })

  test('[E2] a value that is no JSON is CORRUPT, and names its key', async () => {
    const storage = open()
    await storage.set('key', 1)
    const item = { key: 'key', rev: 1, deleted: false, value: '{' }
    const { epoch } = await spaceOf(storage.name)
    await server.setFault({
      kind: 'answer',
      status: 200,
      path: read,
      body: JSON.stringify({ epoch, head: 1, done: 1, items: [item] }),
    })
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'CORRUPT', key: 'key', backend: 'flask' })
  })

  test.each([
    ['nothing of ours', html, 'HTTP', 'does not speak'],
    ['too old', { kind: 'answer', status: 200, body: '{"status":"ok"}' }, 'UNSUPPORTED', 'Update the server'],
    ['too new', { kind: 'answer', status: 200, body: '{"status":"ok","protocol":3}' }, 'UNSUPPORTED', 'Reload'],
  ] as const)('[D3] a server that is %s is not used, and the state says why', async (_what, fault, code, words) => {
    await server.setFault({ ...fault, path: '/health' })
    const storage = open()
    await storage.set('key', 1)
    const message = expect.stringContaining(words) as string
    expect(storage.getState().standIn).toMatchObject({ wanted: 'flask', error: { code, message } })
  })
})

describe.skipIf(!hasPython)('a server that comes back', () => {
  test('[O2] killed and started again: nothing acknowledged is missing', async () => {
    await server.change('start')
    const storage = open(impatient)
    await storage.setMany(Object.entries({ a: 1, n: 1 }))
    await server.change('kill')
    await expect(storage.get('a')).rejects.toMatchObject({ code: 'NETWORK' })
    await expect(storage.update<number>('n', increment)).rejects.toMatchObject({ code: 'NETWORK' })
    await server.change('start')
    expect(await storage.update<number>('n', increment)).toBe(2)
    expect({ ...(await storage.exportData()) }).toEqual({ a: 1, n: 2 })
  })

  test('restored from a backup: one call is told CONFLICT, everybody reads again, and work goes on', async () => {
    await server.change('start')
    const storage = open()
    const events = listen(storage)
    await storage.set('n', 1)
    await server.change('kill')
    await server.change('new-epoch')
    await server.change('start')
    await expect(storage.update<number>('n', increment)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('restored from a backup') as string,
    })
    expect(events).toContainEqual({ type: 'reload', origin: 'remote' })
    expect(await storage.update<number>('n', increment)).toBe(2)
  })
})

describe.skipIf(!hasPython)('who asks', () => {
  test('a server with logins: UNAUTHORIZED without a token, or with a wrong one, which no error repeats', async () => {
    server = useFlask(`required-${crypto.randomUUID()}`)
    await server.change('start')
    for (const getToken of [undefined, async () => 'a-secret-token']) {
      const storage = open({ ...(getToken && { getToken }) })
      await storage.set('key', 1)
      const error = storage.getState().standIn?.error
      expect(error).toMatchObject({ code: 'UNAUTHORIZED', message: expect.stringContaining('getToken') as string })
      expect(JSON.stringify([error, error?.message, error?.stack, String(error?.cause)])).not.toContain('secret')
    }
  })

  test('the token is asked for before each request, and one that cannot be had is UNAUTHORIZED', async () => {
    const fail = new Error('signed out')
    let token: () => string = () => 'one'
    const getToken = vi.fn(() => token())
    const storage = open({ getToken })
    await storage.set('key', 1)
    const count = getToken.mock.calls.length
    const sent = interceptNext(read)
    await storage.get('key')
    expect((await sent)[1]).toMatchObject({ headers: { Authorization: 'Bearer one' }, credentials: 'omit' })
    expect(getToken).toHaveBeenCalledTimes(count + 1)
    token = () => {
      throw fail
    }
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'UNAUTHORIZED', cause: fail })
  })

  test('[E1] a getToken that is no function is INVALID_OPTION', async () => {
    await expect(open({ getToken: 'token' as never }).get('key')).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })
})

describe.skipIf(!hasPython)('other devices', () => {
  test('[O6] what they change is heard of on focus, once, and what is written here is not', async () => {
    const storage = open()
    const events = listen(storage)
    await storage.setMany(Object.entries({ a: 1, b: 1 }))
    events.length = 0
    await writeElsewhere(storage.name, { op: 'put', key: 'a', value: '"theirs"' }, { op: 'delete', key: 'b' })
    await storage.set('c', 1)
    dispatchEvent(new Event('focus'))
    const delivered = [
      { type: 'set', key: 'c', origin: 'local' },
      { type: 'set', key: 'a', origin: 'remote' },
      { type: 'delete', key: 'b', origin: 'remote' },
    ]
    await expect.poll(() => events).toEqual(delivered)
    dispatchEvent(new Event('online'))
    expect(await storage.get('a')).toBe('theirs')
    expect(events).toEqual(delivered)
  })

  test('[O4] an updater that loses the race runs again on what won', async () => {
    const storage = open()
    await storage.set('list', ['a'])
    let isFirst = true
    const winning: Promise<unknown>[] = []
    await server.setFault({ kind: 'slow', ms: 500, path: wrote, times: 1 })
    await storage.update<string[]>('list', (list = []) => {
      if (isFirst) winning.push(writeElsewhere(storage.name, { op: 'put', key: 'list', value: '["theirs"]' }))
      isFirst = false
      return [...list, 'mine']
    })
    await Promise.all(winning)
    expect(await storage.get('list')).toEqual(['theirs', 'mine'])
  })

  test('[V6] more than the server takes at once is refused with the number, and nothing is sent', async () => {
    const storage = open()
    await storage.set('key', 1)
    await server.setFault(null)
    const entries = Array.from({ length: 20_001 }, (_, index) => [`n${index}`, index] as const)
    await expect(storage.setMany(entries)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: expect.stringContaining('at most 20000') as string,
    })
    expect(await server.setFault(null)).toBe(0)
  })
})

function listen(storage: UnifiedStorage): ChangeEvent[] {
  const events: ChangeEvent[] = []
  storage.subscribe((event) => events.push(event))
  return events
}

/** What the next request to this path was, so that it can be sent late. */
function interceptNext(path: string): Promise<[string, RequestInit]> {
  return new Promise((resolve) => {
    const { fetch } = globalThis
    globalThis.fetch = (input, init = {}) => {
      if (typeof input === 'string' && input.endsWith(path)) {
        globalThis.fetch = fetch
        const { signal: _signal, ...rest } = init
        resolve([input, rest])
      }
      return fetch(input, init)
    }
  })
}

type Space = { id: string; epoch: string }

const ask = async <Answer>(path: string, body: unknown): Promise<Answer> => {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(`${server.url}/v2${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as Answer
}

const spaceOf = (name: string): Promise<Space> => ask('/storages', { name })

async function writeElsewhere(name: string, ...writes: object[]): Promise<void> {
  const { id, epoch } = await spaceOf(name)
  await ask(`/spaces/${id}/transactions`, { epoch, client: crypto.randomUUID(), id: 1, writes })
}
