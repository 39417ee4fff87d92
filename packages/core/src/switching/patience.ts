import type { Place } from '../active-record'
import type { StorageAdapter } from '../adapter'
import { StorageError } from '../errors'

/** To find out whether a commit counts. */
const ATTEMPTS = 5
const PAUSE_MS = 100
const OPEN_TIMEOUT_MS = 15_000

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A record that cannot be read at once may be read soon; then the last failure is the answer. */
export async function untilKnown<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    try {
      return await ask()
    } catch {
      await wait(PAUSE_MS)
    }
  }
  return ask()
}

/** Rejects with `TIMEOUT` after 15 s; what opens later is closed. */
export function inTime(opening: Promise<StorageAdapter>, { backend }: Place): Promise<StorageAdapter> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      opening.then((adapter) => adapter.close()).catch(() => undefined)
      const message = `The server of "${backend}" did not answer within 15 s. Check its address, or try again later.`
      reject(new StorageError('TIMEOUT', message, { backend }))
    }, OPEN_TIMEOUT_MS)
    opening.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
