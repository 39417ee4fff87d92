import { type AdapterFactory, StorageError, type WriteOperation } from '@unified-storage/core'
import { memoryBackend } from '@unified-storage/core/memory'
import type fc from 'fast-check'

export type Weather = {
  /** How many of the coming transactions fail. */
  failures: number
}

/** A value with this word in it never fits on the disk. */
export const TOO_BIG = 'too big'

/**
 * Memory whose every answer, and whose every piece of news for another tab, arrives when the scheduler says so: the moment
 * before a transaction, the moment after it, and the way to the other tabs can each be long or short.
 */
export function scheduledBackend(scheduler: fc.Scheduler, weather: Weather): AdapterFactory {
  const wait = (label: string): Promise<unknown> => scheduler.schedule(Promise.resolve(), label)
  return async (context) => {
    const memory = await memoryBackend(context)
    return {
      ...memory,
      async transact(mode, keys, compute) {
        await wait('transaction')
        if (weather.failures > 0) {
          weather.failures -= 1
          throw new StorageError('UNAVAILABLE', 'The backend is away for a moment.')
        }
        await memory.transact(mode, keys, (current) => refuseTooBig(compute(current)))
        await wait('answer')
      },
      changes: memory.changes && {
        publish: memory.changes.publish,
        subscribe(listener) {
          // News may be late, but one piece never overtakes another.
          let arrived: Promise<unknown> = Promise.resolve()
          return (
            memory.changes?.subscribe((events) => {
              arrived = arrived.then(() => wait('news')).then(() => listener(events))
            }) ?? (() => undefined)
          )
        },
      },
    }
  }
}

function refuseTooBig(writes: readonly WriteOperation[]): readonly WriteOperation[] {
  const isTooBig = (write: WriteOperation): boolean => write.type === 'set' && String(write.value).includes(TOO_BIG)
  if (writes.some(isTooBig)) throw new StorageError('QUOTA_EXCEEDED', 'There is no room for this value.')
  return writes
}
