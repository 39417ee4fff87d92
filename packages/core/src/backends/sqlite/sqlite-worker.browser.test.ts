import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FillCapability } from '../../adapter'
import { encodeEntries } from '../../codec/encoded-entries'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { checkValue } from '../../values'
import { sqliteBackend } from './index'

const RealWorker = globalThis.Worker

describe('sqlite: when its worker dies', () => {
  let workers: Worker[]
  const opened: UnifiedStorage[] = []

  function open(name: string = crypto.randomUUID()): UnifiedStorage {
    const storage = createUnifiedStorage({ name, prefer: 'sqlite' })
    opened.push(storage)
    return storage
  }

  /** Starts workers through `start`, and keeps them in `workers`. */
  function watchWorkers(start: (...args: ConstructorParameters<typeof Worker>) => Worker): void {
    vi.spyOn(globalThis, 'Worker').mockImplementation(function (...args) {
      const worker = start(...args)
      workers.push(worker)
      return worker
    })
  }

  /** Asks for a write, and ends the worker as soon as it was told of it. */
  async function endWhileWriting(storage: UnifiedStorage, end: (worker: Worker) => void): Promise<void> {
    const post = vi.spyOn(RealWorker.prototype, 'postMessage')
    const writing = storage.set('under way', 1)
    writing.catch(() => undefined)
    await vi.waitUntil(() => post.mock.calls.some(([message]) => message.method === 'commit'), { interval: 0 })
    end(workers.at(-1) as Worker)
    await expect(writing).rejects.toMatchObject({ code: 'UNAVAILABLE', backend: 'sqlite' })
    post.mockRestore()
  }

  beforeEach(() => {
    workers = []
    watchWorkers((...args) => new RealWorker(...args))
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    vi.useRealTimers()
    await Promise.all(opened.splice(0).map((storage) => storage.close()))
  })

  test.each<[string, (worker: Worker) => void]>([
    ['is ended', (worker) => worker.terminate()],
    ['breaks down', (worker) => worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }))],
  ])('[D4] a worker that %s takes its calls with it, and the next call starts another', async (_what, end) => {
    const storage = open()
    for (let n = 0; n < 20; n++) await storage.set(`key${n}`, n)
    await endWhileWriting(storage, end)
    expect(await storage.keys('key')).toHaveLength(20)
    expect(workers).toHaveLength(2)
    expect(await storage.update<number>('key19', (n = 0) => n + 1)).toBe(20)
    expect(await storage.sql('SELECT value FROM items WHERE key = ?', ['key19'])).toEqual([{ value: '20' }])
    expect(await open(storage.name).get('key19')).toBe(20)
    expect(workers).toHaveLength(2)
  })

  test('[D4] a worker that dies while nothing is asked of it is not noticed', async () => {
    const [one, two] = [open(), open()]
    await Promise.all([one.set('n', 1), two.set('n', 2)])
    const free = freeLifeLock()
    workers[0]?.terminate()
    await free
    expect(await Promise.all([one.get('n'), two.get('n')])).toEqual([1, 2])
    await one.set('n', 3)
    expect(await one.get('n')).toBe(3)
    expect(workers).toHaveLength(2)
  })

  test('[D4] a worker that does not start again is asked for again by the next call', async () => {
    const storage = open()
    await storage.set('n', 1)
    await endWhileWriting(storage, (worker) => worker.terminate())
    vi.mocked(Worker).mockImplementationOnce(function () {
      throw new DOMException('forbidden', 'SecurityError')
    })
    await expect(storage.get('n')).rejects.toMatchObject({ name: 'StorageError', backend: 'sqlite' })
    expect(await storage.get('n')).toBe(1)
  })

  test('[D4] a storage whose worker has died can be closed', async () => {
    const storage = open()
    await storage.set('n', 1)
    await endWhileWriting(storage, (worker) => worker.terminate())
    await storage.close()
    expect(workers).toHaveLength(1)
  })

  test('[D4] a worker that dies while a place is filled takes it with it, and says so', async () => {
    const adapter = await sqliteBackend({ name: crypto.randomUUID(), durability: 'relaxed' })
    const { fill } = adapter.bulk as { fill: FillCapability }
    await fill.start(1)
    await fill.write(await encodeEntries([{ key: 'a', ...checkValue(1, 'a') }]))
    const free = freeLifeLock()
    workers[0]?.terminate()
    await free
    const more = await encodeEntries([{ key: 'b', ...checkValue(1, 'b') }])
    await expect(fill.write(more)).rejects.toMatchObject({ code: 'UNAVAILABLE', backend: 'sqlite' })
    await expect(fill.finish(2)).rejects.toMatchObject({ code: 'UNAVAILABLE', backend: 'sqlite' })
    expect(await adapter.keys('')).toEqual([])
    await adapter.close()
  })

  test('[D4] without Web Locks a worker that has not answered for 60 s is taken for dead', async () => {
    watchWorkers(startWithoutLocks)
    const storage = open()
    await storage.set('n', 1)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    workers[0]?.terminate()
    const writing = storage.set('under way', 1)
    writing.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(60_001)
    await expect(writing).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    vi.useRealTimers()
    expect(await storage.get('n')).toBe(1)
    expect(workers).toHaveLength(2)
  })
})

/** Resolves once the browser has freed the lock of the worker that now lives. */
async function freeLifeLock(): Promise<void> {
  const { held = [] } = await navigator.locks.query()
  const name = held.find((lock) => lock.name?.startsWith('unified-storage-sqlite/worker/'))?.name
  await navigator.locks.request(name ?? '', () => undefined)
}

/** As on a page without HTTPS. */
function startWithoutLocks(url: string | URL, options?: WorkerOptions): Worker {
  const code = `Object.defineProperty(navigator, 'locks', { value: undefined }); await import('${new URL(url, location.href).href}')`
  return new RealWorker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), options)
}
