import { StorageError } from '../../errors'
import { BACKEND } from './failures'
import { type Ready, type Reply, type Request, unpackError } from './messages'

const START_TIMEOUT_MS = 10_000
/** Where there are no locks to tell whether the worker lives. Long, because a statement of sql() may take long. */
const SILENCE_LIMIT_MS = 60_000

/** A worker, and what it was asked to do. */
export type EngineWorker = {
  /** What is `given` away is not copied. */
  ask(engine: number, method: Request['method'], args: unknown[], given?: Transferable[]): Promise<unknown>
  stop(): void
}

type Call = { resolve: (result: unknown) => void; reject: (error: unknown) => void }

/**
 * Resolves when the worker's code runs; rejects when it cannot be loaded, or is forbidden by the page's policy. When it is no
 * longer there, `onEnd` is told, and then the calls under way reject.
 */
export async function startWorker(onEnd: () => void): Promise<EngineWorker> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'unified-storage-sqlite' })
  const { lifeLock } = await started(worker)
  const calls = new Map<number, Call>()

  function end(): void {
    worker.terminate()
    onEnd()
    rejectAll(calls)
  }

  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => settle(calls, data))
  // What it still does after an error of its own is not known.
  worker.addEventListener('error', end)
  if (lifeLock) void navigator.locks.request(lifeLock, end)
  const ask = createAsk(worker, calls)
  return { ask: lifeLock ? ask : withSilenceLimit(ask, end), stop: () => worker.terminate() }
}

function started(worker: Worker): Promise<Ready> {
  return new Promise<Ready>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The worker did not start in time')), START_TIMEOUT_MS)
    worker.addEventListener('message', ({ data }: MessageEvent<Ready>) => resolve(data), { once: true })
    worker.addEventListener('error', () => reject(new Error('The worker could not be loaded')), { once: true })
    worker.addEventListener('message', () => clearTimeout(timer), { once: true })
  }).catch((error: unknown) => {
    worker.terminate()
    throw error
  })
}

function createAsk(worker: Worker, calls: Map<number, Call>): EngineWorker['ask'] {
  let count = 0
  return (engine, method, args, given = []) =>
    new Promise((resolve, reject) => {
      const call = ++count
      calls.set(call, { resolve, reject })
      worker.postMessage({ call, engine, method, args } satisfies Request, given)
    })
}

function withSilenceLimit(ask: EngineWorker['ask'], end: () => void): EngineWorker['ask'] {
  return (...request) => {
    const timer = setTimeout(end, SILENCE_LIMIT_MS)
    return ask(...request).finally(() => clearTimeout(timer))
  }
}

function settle(calls: Map<number, Call>, reply: Reply): void {
  const call = calls.get(reply.call)
  calls.delete(reply.call)
  if (reply.type === 'result') call?.resolve(reply.result)
  else call?.reject(unpackError(reply.error))
}

/** A write among them may or may not have been committed; its caller learns that it is not known to be. */
function rejectAll(calls: Map<number, Call>): void {
  const message = 'The worker that runs SQLite broke down. Read what is stored, and try again.'
  for (const { reject } of calls.values()) reject(new StorageError('UNAVAILABLE', message, { backend: BACKEND }))
  calls.clear()
}
