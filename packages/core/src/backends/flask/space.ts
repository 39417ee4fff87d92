import { StorageError } from '../../errors'
import { Listeners } from '../../listeners'
import { type Check, isHealth, isSession, isSpace, type Limits } from './answers'
import { PROTOCOL } from './requests'
import type { Server } from './server'
import { ServerError } from './server-error'

/** The place on the server where one storage keeps its data; answers are held against its epoch. */
export interface Space {
  /** No other space has it, on any server; what was restored from a backup has another. */
  readonly identity: string
  readonly limits: Limits
  readonly epoch: string
  /** The newest revision when it was opened last. */
  readonly head: number
  /** Hears that the history is another one now, of which nothing is known. */
  onRestored(listener: () => void): void
  /** Asks for something below the space's address. Rejects with `CONFLICT` when the server was restored from a backup. */
  ask<Answer extends { epoch: string }>(
    request: { path: string; body?: unknown },
    check: Check<Answer>,
  ): Promise<Answer>
}

/** Longest time until an answer or an error, in milliseconds (rule S1). */
const OPEN_MS = 15_000

/** Finds the server, and on it the space for the storage of this name. */
export async function openSpace(server: Server, name: string): Promise<Space> {
  const listeners = new Listeners<[]>()
  const deadline = Date.now() + OPEN_MS
  checkProtocol(server, await server.ask({ path: '/health', deadline }, isHealth))
  const { limits } = await server.ask({ path: '/v2/session', deadline }, isSession)
  const find = (until?: number) =>
    server.ask({ path: '/v2/storages', body: { name }, ...(until !== undefined && { deadline: until }) }, isSpace)
  let place = await find(deadline)

  /** The next call works on what is there now. */
  async function reopen(): Promise<void> {
    place = await find()
    listeners.notify()
  }

  return {
    limits,
    identity: `${place.id}/${place.epoch}`,
    get epoch() {
      return place.epoch
    },
    get head() {
      return place.head
    },
    onRestored: (listener) => void listeners.add(listener),
    async ask({ path, body }, check) {
      try {
        const answer = await server.ask({ path: `/v2/spaces/${place.id}${path}`, body }, check)
        if (answer.epoch === place.epoch) return answer
      } catch (error) {
        if (!isOfAnotherHistory(error)) throw error
      }
      await reopen()
      throw restored(server)
    },
  }
}

function checkProtocol(server: Server, { protocol }: { protocol?: unknown }): void {
  if (protocol === PROTOCOL) return
  const advice =
    typeof protocol === 'number' && protocol > PROTOCOL
      ? 'is newer than this app. Reload the page to get the newer app.'
      : 'is too old for this app. Update the server.'
  throw new StorageError('UNSUPPORTED', `The server at ${server.origin} ${advice}`, { backend: 'flask' })
}

/** Other data, other numbers, or no such space any more. */
function isOfAnotherHistory(error: unknown): boolean {
  return error instanceof ServerError && (error.status === 409 || error.status === 404)
}

function restored({ origin }: Server): StorageError {
  const message = `The server at ${origin} holds other data than before: it was restored from a backup. Everything is read again; look at it, then try once more.`
  return new StorageError('CONFLICT', message, { backend: 'flask' })
}
