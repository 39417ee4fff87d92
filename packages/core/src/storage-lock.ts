import { findLocks } from './web-locks'

/** Keeps the tabs of this browser, and the instances of this page, out of each other's transactions. */
export interface StorageLock {
  /** Together with other readers. */
  shared<Result>(task: () => Promise<Result>): Promise<Result>
  /** Alone. */
  exclusive<Result>(task: () => Promise<Result>): Promise<Result>
}

/**
 * A Web Lock, which the browser frees when the tab that holds it goes. Where there are none (pages without https, sandboxed
 * frames, Node 20) the instances of this page queue, and other tabs are not kept out.
 */
export async function createStorageLock(name: string): Promise<StorageLock> {
  return (await hasWebLocks()) ? createWebLock(name) : createPageLock(name)
}

async function hasWebLocks(): Promise<boolean> {
  const locks = findLocks()
  if (!locks) return false
  return locks.query().then(
    () => true,
    () => false,
  )
}

function createWebLock(name: string): StorageLock {
  const request = async <Result>(mode: LockMode, task: () => Promise<Result>): Promise<Result> =>
    await navigator.locks.request(name, { mode }, task)
  return { shared: (task) => request('shared', task), exclusive: (task) => request('exclusive', task) }
}

const lastInLine = new Map<string, Promise<unknown>>()

/** One after the other, readers too: simple, and in one page the waits are short. */
export function createPageLock(name: string): StorageLock {
  function exclusive<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = (lastInLine.get(name) ?? Promise.resolve()).then(task)
    const end = turn
      .catch(() => undefined)
      .then(() => {
        if (lastInLine.get(name) === end) lastInLine.delete(name)
      })
    lastInLine.set(name, end)
    return turn
  }
  return { shared: exclusive, exclusive }
}
