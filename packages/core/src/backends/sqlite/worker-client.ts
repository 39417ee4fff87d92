import type { Engine } from './engine'
import { type EngineWorker, startWorker } from './engine-worker'
import type { EngineOptions } from './open-engine'

type Ask = (method: keyof Engine, args: unknown[], given?: Transferable[]) => Promise<unknown>
type SharedWorker = { started: Promise<EngineWorker>; users: number; isOver: boolean }
/** One engine in a worker; it is over with its worker, or when it could not be opened. */
type Seat = { worker: SharedWorker; opened: Promise<Ask>; isOver: boolean }

let shared: SharedWorker | undefined
let engineCount = 0

/**
 * Opens an engine in the page's worker, which is started for the first and stopped after the last. Calls that a dying worker
 * leaves behind reject with `UNAVAILABLE`; the next call starts another, which reads what is durable (rule D4).
 */
export async function openEngineInWorker(options: EngineOptions): Promise<Engine> {
  let seat = takeSeat(options)
  await seat.opened
  const known = { ...options, mustExist: true }

  const ask: Ask = async (...request) => {
    if (isOver(seat)) seat = takeSeat(known)
    return (await seat.opened)(...request)
  }

  return createProxy(ask, () => closeSeat(seat))
}

function createProxy(ask: Ask, close: () => Promise<void>): Engine {
  return {
    read: (...args) => ask('read', args) as ReturnType<Engine['read']>,
    isCurrent: (...args) => ask('isCurrent', args) as Promise<boolean>,
    commit: (...args) => ask('commit', args) as Promise<boolean>,
    startFilling: (...args) => ask('startFilling', args) as Promise<void>,
    fill: (entries) => ask('fill', [entries], [entries.buffer]) as Promise<void>,
    finishFilling: (...args) => ask('finishFilling', args) as Promise<void>,
    keys: (...args) => ask('keys', args) as Promise<string[]>,
    digest: (...args) => ask('digest', args) as Promise<string>,
    page: (...args) => ask('page', args) as ReturnType<Engine['page']>,
    sizes: () => ask('sizes', []) as ReturnType<Engine['sizes']>,
    outline: (...args) => ask('outline', args) as ReturnType<Engine['outline']>,
    image: () => ask('image', []) as ReturnType<Engine['image']>,
    query: (...args) => ask('query', args) as ReturnType<Engine['query']>,
    readLegacy: (...args) => ask('readLegacy', args) as ReturnType<Engine['readLegacy']>,
    close,
  }
}

function takeSeat(options: EngineOptions): Seat {
  const worker = (shared ??= shareWorker())
  worker.users += 1
  const seat: Seat = { worker, opened: openIn(worker, options), isOver: false }
  seat.opened.catch(() => {
    seat.isOver = true
    return leave(worker)
  })
  return seat
}

async function openIn(worker: SharedWorker, options: EngineOptions): Promise<Ask> {
  const id = ++engineCount
  const { ask } = await worker.started
  await ask(id, 'open', [options])
  return (...request) => ask(id, ...request)
}

function isOver(seat: Seat): boolean {
  return seat.isOver || seat.worker.isOver
}

/** A worker that has died has nothing left to close. */
async function closeSeat(seat: Seat): Promise<void> {
  if (isOver(seat)) return
  try {
    await (
      await seat.opened
    )('close', [])
  } catch (error) {
    if (!isOver(seat)) throw error
  } finally {
    await leave(seat.worker)
  }
}

function shareWorker(): SharedWorker {
  const worker: SharedWorker = { started: startWorker(() => retire(worker)), users: 0, isOver: false }
  worker.started.catch(() => retire(worker))
  return worker
}

/** From now on nobody asks it for anything, and who comes next starts another. */
function retire(worker: SharedWorker): void {
  worker.isOver = true
  if (shared === worker) shared = undefined
}

async function leave(worker: SharedWorker): Promise<void> {
  worker.users -= 1
  if (worker.users > 0) return
  retire(worker)
  await worker.started.then(
    ({ stop }) => stop(),
    () => undefined,
  )
}
