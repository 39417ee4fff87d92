import type { StorageAdapter } from '../adapter'
import { beginFreshLog } from '../fresh-log'
import { StorageError, type StorageErrorCode } from '../errors'
import type { Conflict, RejectedWrite } from '../types'

/** A write that a person has to decide about; `at` is when that was found out. */
export type SetAsideWrite = { id: string; key: string; at: Date } & (
  | { type: 'conflict'; mine: unknown; theirs: unknown }
  | { type: 'rejected'; value: unknown; code: StorageErrorCode; message: string }
)

/** Keeps each under its id, so that setting it aside again after a crash makes no second one. */
export function setAside(store: StorageAdapter, writes: readonly SetAsideWrite[]): Promise<void> {
  return store.transact('readwrite', [], () =>
    writes.map((write) => ({ type: 'set', key: write.id, value: write, bytes: 0, isJson: false })),
  )
}

export async function takeBack(store: StorageAdapter, id: string): Promise<void> {
  await beginFreshLog()
  return store.transact('readwrite', [], () => [{ type: 'delete', key: id }])
}

/** All of them, the oldest first. */
export async function listSetAside(store: StorageAdapter): Promise<SetAsideWrite[]> {
  let writes: SetAsideWrite[] = []
  await store.transact('readonly', 'all', (values) => {
    writes = [...values.values()] as SetAsideWrite[]
    return []
  })
  return writes.sort((a, b) => a.at.getTime() - b.at.getTime())
}

export function toConflict(write: SetAsideWrite): Conflict[] {
  if (write.type !== 'conflict') return []
  const { id, key, mine, theirs, at } = write
  return [{ id, key, mine, theirs, at }]
}

export function toRejected(write: SetAsideWrite): RejectedWrite[] {
  if (write.type !== 'rejected') return []
  const { id, key, value, code, message } = write
  return [{ id, key, value, reason: new StorageError(code, message, { key }) }]
}
