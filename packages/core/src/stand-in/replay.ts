import type { StorageAdapter } from '../adapter'
import { createBatching, type Operation } from '../batching'
import { isCausedByValue, isStorageError, type StorageError } from '../errors'
import { forgetWaiting, markBrought, readWaiting, type WaitingWrite } from '../journal'
import type { TransactionView } from '../transaction-view'
import type { ChangeEvent } from '../types'
import { isSameValue } from '../value-difference'
import { checkValue } from '../values'
import { setAside, type SetAsideWrite } from './set-aside'

export type ReplayStores = {
  /** Where the writes wait. */
  journal: StorageAdapter
  /** Where what they overwrite is kept, and what the backend refuses. */
  aside: StorageAdapter
}
type Clash = Extract<SetAsideWrite, { type: 'conflict' }>
/** What was set aside already, by id: it may be overwritten now. */
type Kept = Map<string, Clash>

const RELOAD: readonly ChangeEvent[] = [{ type: 'reload', origin: 'local' }]

/**
 * Brings what waits to its backend, and resolves when nothing waits any more. Whoever made these writes could not see what the
 * backend holds, so a different value that they overwrite is kept as a conflict before it goes. A crash at any point repeats
 * some writes, and harms none: the same value is no clash. Who uses the backend already is told to read again, and so is every
 * tab where another stands in for it.
 */
export async function replay({ journal, aside }: ReplayStores, backend: StorageAdapter): Promise<void> {
  const kept: Kept = new Map()
  const batching = createBatching(
    async () => backend,
    () => undefined,
  )
  await markBrought(journal)
  for (let waiting = await readWaiting(journal); waiting.length > 0; waiting = await readWaiting(journal)) {
    const round = waiting[0]?.type === 'clear' ? waiting.slice(0, 1) : waiting
    const results = await Promise.allSettled(round.map((write) => batching.transact(applyUnlessClash(write, kept))))
    const clashes = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    const refused = round.flatMap((write, index) => describeRefusal(write, results[index]))
    await setAside(aside, [...clashes, ...refused])
    for (const clash of clashes) kept.set(clash.id, clash)
    await forgetWaiting(
      journal,
      round.filter((_write, index) => isSettled(results[index])),
    )
    backend.changes?.publish(RELOAD)
  }
  journal.changes?.publish(RELOAD)
}

/** Writes nothing, and tells what it would overwrite, where that was not set aside yet. */
function applyUnlessClash(write: WaitingWrite, kept: Kept): Operation<Clash[]> {
  return {
    mode: 'readwrite',
    reads: write.type === 'clear' ? 'all' : [write.key],
    run(view) {
      const clashes = findClashes(write, view).filter((clash) => !isKept(clash, kept))
      if (clashes.length === 0) apply(write, view)
      return clashes
    },
  }
}

function findClashes(write: WaitingWrite, view: TransactionView): Clash[] {
  const mine = write.type === 'set' ? write.value : undefined
  const keys = write.type === 'clear' ? view.keys() : [write.key]
  return keys
    .map((key) => ({ key, theirs: view.get(key) }))
    .filter(({ theirs }) => theirs !== undefined && !isSameValue(mine, theirs))
    .map(({ key, theirs }) => ({ id: `${write.id}/${key}`, type: 'conflict', key, mine, theirs, at: new Date() }))
}

/** A value can change between being set aside and being overwritten. Blobs cannot be compared, and do not hold things up. */
function isKept(clash: Clash, kept: Kept): boolean {
  const before = kept.get(clash.id)
  return before !== undefined && isSameValue(before.theirs, clash.theirs, { ignoreBlobs: true })
}

function apply(write: WaitingWrite, view: TransactionView): void {
  if (write.type === 'clear') view.clear()
  else if (write.type === 'delete') view.delete(write.key)
  else view.set(write.key, checkValue(write.value, write.key))
}

type Result = PromiseSettledResult<Clash[]> | undefined

/** A write that its value makes impossible is set aside, and the others go on; any other failure ends the replay. */
function describeRefusal(write: WaitingWrite, result: Result): SetAsideWrite[] {
  if (result?.status !== 'rejected') return []
  const reason: unknown = result.reason
  if (write.type !== 'set' || !isRefusal(reason)) throw reason
  const { code, message } = reason
  const { id, key, value } = write
  return [{ id: `${id}/${key}`, type: 'rejected', key, value, code, message, at: new Date() }]
}

function isRefusal(reason: unknown): reason is StorageError {
  return isStorageError(reason) && isCausedByValue(reason)
}

function isSettled(result: Result): boolean {
  return result?.status === 'rejected' || result?.value.length === 0
}
