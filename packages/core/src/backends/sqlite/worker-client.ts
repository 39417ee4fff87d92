import { StorageError } from '../../errors'
import type { Engine } from './engine'
import { BACKEND } from './failures'
import { type Reply, type Request, unpackError } from './messages'
import type { EngineOptions } from './open-engine'

const START_TIMEOUT_MS = 10_000

type Call = { resolve: (result: unknown) => void; reject: (error: unknown) => void }
type Ask = (engine: number, method: Request['method'], args: unknown[]) => Promise<unknown>
type Client = { ask: Ask; stop(): void }

let shared: { client: Promise<Client>; users: number } | undefined
let engineCount = 0

/** Opens an engine in the page's worker, which is started for the first and stopped after the last. */
export async function openEngineInWorker(options: EngineOptions): Promise<Engine> {
  const mine = (shared ??= { client: startWorker(), users: 0 })
  mine.users += 1
  const id = ++engineCount
  try {
    const { ask } = await mine.client
    await ask(id, 'open', [options])
    return createProxy(
      (method, args) => ask(id, method, args),
      () => leave(mine),
    )
  } catch (error) {
    await leave(mine)
    throw error
  }
}

async function leave(left: NonNullable<typeof shared>): Promise<void> {
  left.users -= 1
  if (left.users > 0) return
  if (shared === left) shared = undefined
  await left.client.then(
    (client) => client.stop(),
    () => undefined,
  )
}

function createProxy(
  ask: (method: keyof Engine, args: unknown[]) => Promise<unknown>,
  onClose: () => Promise<void>,
): Engine {
  return {
    read: (...args) => ask('read', args) as ReturnType<Engine['read']>,
    isCurrent: (...args) => ask('isCurrent', args) as Promise<boolean>,
    commit: (...args) => ask('commit', args) as Promise<boolean>,
    keys: (...args) => ask('keys', args) as Promise<string[]>,
    page: (...args) => ask('page', args) as ReturnType<Engine['page']>,
    sizes: () => ask('sizes', []) as ReturnType<Engine['sizes']>,
    image: () => ask('image', []) as ReturnType<Engine['image']>,
    query: (...args) => ask('query', args) as ReturnType<Engine['query']>,
    readLegacy: (...args) => ask('readLegacy', args) as ReturnType<Engine['readLegacy']>,
    close: () => (ask('close', []) as Promise<void>).finally(onClose),
  }
}

/** Resolves when the worker's code runs; rejects when it cannot be loaded, or is forbidden by the page's policy. */
async function startWorker(): Promise<Client> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'unified-storage-sqlite' })
  const calls = new Map<number, Call>()
  try {
    await started(worker)
  } catch (error) {
    worker.terminate()
    throw error
  }
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => settle(calls, data))
  worker.addEventListener('error', () => rejectAll(calls))
  return { ask: createAsk(worker, calls), stop: () => worker.terminate() }
}

function started(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The worker did not start in time')), START_TIMEOUT_MS)
    worker.addEventListener('message', () => resolve(), { once: true })
    worker.addEventListener('error', () => reject(new Error('The worker could not be loaded')), { once: true })
    worker.addEventListener('message', () => clearTimeout(timer), { once: true })
  })
}

function createAsk(worker: Worker, calls: Map<number, Call>): Ask {
  let count = 0
  return (engine, method, args) =>
    new Promise((resolve, reject) => {
      const call = ++count
      calls.set(call, { resolve, reject })
      worker.postMessage({ call, engine, method, args } satisfies Request)
    })
}

function settle(calls: Map<number, Call>, reply: Reply): void {
  if (reply.type === 'ready') return
  const call = calls.get(reply.call)
  calls.delete(reply.call)
  if (reply.type === 'result') call?.resolve(reply.result)
  else call?.reject(unpackError(reply.error))
}

/** A write among them may or may not have been committed; its caller learns that it is not known to be. */
function rejectAll(calls: Map<number, Call>): void {
  const message = 'The worker that runs SQLite broke down. Reload the page.'
  for (const { reject } of calls.values()) reject(new StorageError('UNAVAILABLE', message, { backend: BACKEND }))
  calls.clear()
}
