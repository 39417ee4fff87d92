import { findLocks } from './web-locks'

/** A pass is good for so many transactions, and begins none after so long: others get their chance to raise a fence. */
const MAX_USES = 100
const MAX_AGE_MS = 200
/** Whoever writes more seldom than that has no use for a pass. */
const PAUSE_MS = 10

/** The Web Lock that whoever raises a fence takes alone first, see switching/while-nobody-passes.ts. */
export function passLockOf(databaseName: string): string {
  return `unified-storage-pass/${databaseName}`
}

/** `isProved`: a transaction that began under the lock has found no fence. */
type Held = { release(): void; isProved: boolean; uses: number; readonly since: number }

/**
 * Spares transactions that follow each other at once the reading of the fence, which costs each a fifth. While the lock is held nobody
 * raises a fence where there is none, so one that was not there is not there. It is held from the second transaction to the next
 * pause; a tab that dies loses it. Where there are no Web Locks every transaction reads the fence.
 */
export class Pass {
  readonly #lockName: string
  #held: Held | undefined
  #isAsking = false
  #underWay = 0
  /** Whether the last transaction found no fence: where there is one, a pass is of no use. */
  #hasNoFence = false
  /** Runs from the end of a transaction; the pass goes back when it ends in a pause. */
  #pauseTimer: ReturnType<typeof setTimeout> | undefined

  constructor(databaseName: string) {
    this.#lockName = passLockOf(databaseName)
  }

  /** Runs a transaction, which gives whether there is no fence. One that `isFree` need not read it: there is none. */
  async run(transact: (isFree: boolean) => Promise<boolean>): Promise<void> {
    this.#underWay += 1
    try {
      if (!this.#held && this.#hasNoFence && this.#pauseTimer !== undefined) this.#ask()
      const held = this.#held
      if (held) held.uses += 1
      this.#hasNoFence = false
      this.#hasNoFence = await transact(held !== undefined && held.isProved && !isSpent(held))
      if (held) held.isProved = this.#hasNoFence
    } finally {
      this.#end()
    }
  }

  #end(): void {
    this.#underWay -= 1
    if (this.#underWay > 0) return
    if (this.#held && (isSpent(this.#held) || !this.#hasNoFence)) this.#letGo()
    this.#pauseTimer ??= setTimeout(() => {
      this.#pauseTimer = undefined
      if (this.#underWay === 0) this.#letGo()
    }, PAUSE_MS)
  }

  /** Refused while somebody waits to raise a fence. */
  #ask(): void {
    const locks = findLocks()
    if (!locks || this.#isAsking) return
    this.#isAsking = true
    locks
      .request(this.#lockName, { mode: 'shared', ifAvailable: true }, (lock) => (lock ? this.#hold() : undefined))
      // Without a pass everything works as well.
      .catch(() => undefined)
      .finally(() => {
        this.#isAsking = false
        this.#held = undefined
      })
  }

  #hold(): Promise<void> | undefined {
    if (this.#underWay === 0 && this.#pauseTimer === undefined) return undefined
    return new Promise((release) => {
      this.#held = { release, isProved: false, uses: 0, since: performance.now() }
    })
  }

  #letGo(): void {
    this.#held?.release()
    this.#held = undefined
  }
}

function isSpent({ uses, since }: Held): boolean {
  return uses >= MAX_USES || performance.now() - since >= MAX_AGE_MS
}
