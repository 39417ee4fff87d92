import { isTransactionResult, type TransactionResult } from './answers'
import { randomId } from './random-id'
import { ServerError } from './server-error'
import type { Space } from './space'

export type Put = { op: 'put'; key: string; base?: number; value: string }

/** One write as the server takes it. Without `base` it overwrites whatever is there. */
export type Step = Put | { op: 'clear' } | { op: 'delete' | 'check'; key: string; base?: number }

/** `head`: nothing at all may have changed since this revision. */
export type Commit = { steps: readonly Step[]; head?: number }

/** The revisions of a commit are those after `since` up to `rev`. */
export type Outcome = { isApplied: boolean; since: number; rev: number }

export interface TransactionLog {
  commit(commit: Commit): Promise<Outcome>
  /** Starts anew, as a client that the server has never heard of. */
  renew(): void
}

/**
 * Numbers what this instance commits, so that each takes effect at most once however often it is sent: the server answers a
 * number that it knows from its memory.
 *
 * When every answer to a number was lost, its fate is unknown, and the request may still be on its way. Before the next commit
 * an empty one takes that number: either it was used, or what arrives late finds it taken.
 */
export function createTransactionLog(space: Space): TransactionLog {
  let client = randomId()
  let number = 1
  let isUncertain = false

  async function send({ steps, head }: Commit): Promise<TransactionResult> {
    const body = { epoch: space.epoch, client, id: number, writes: steps, ...(head !== undefined && { head }) }
    const wasUncertain = isUncertain
    const sender = client
    isUncertain = true
    try {
      const answer = await space.ask({ path: '/transactions', body }, isTransactionResult)
      number += 1
      isUncertain = false
      return answer
    } catch (error) {
      if (client === sender) isUncertain = wasUncertain || !(error instanceof ServerError) || error.isUncertain
      throw error
    }
  }

  async function takeUncertainNumber(): Promise<void> {
    try {
      await send({ steps: [] })
    } catch (error) {
      if (!(error instanceof ServerError) || error.status !== 422) throw error
      number += 1
      isUncertain = false
    }
  }

  return {
    async commit(commit) {
      if (isUncertain) await takeUncertainNumber()
      const { status, original, since, rev } = await send(commit)
      return { isApplied: (original ?? status) === 'applied', since, rev }
    },
    renew() {
      client = randomId()
      number = 1
      isUncertain = false
    },
  }
}
