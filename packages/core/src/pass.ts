import { findLocks } from './life-sign'

/** So many transactions may pass before others get their chance to raise a fence. */
const MAX_FREE = 100
/** Whoever writes more seldom than that has no use for a pass. */
const PAUSE_MS = 10

/** Whoever raises a fence takes this Web Lock alone first, see switching/revoke-passes.ts. */
export function passesOf(databaseName: string): string {
  return `unified-storage-pass/${databaseName}`
}

/** `isProved`: a transaction that began under the lock has found no fence. */
type Held = { release(): void; isProved: boolean; uses: number }

/**
 * Spares transactions that follow each other at once the reading of the fence, which costs each a fifth. While the lock is held nobody
 * raises a fence, so one that was not there is not there. It is held from the second transaction to the next pause; a tab that dies
 * loses it. Where there are no Web Locks every transaction reads the fence.
 */
export class Pass {
  readonly #name: string
  #held: Held | undefined
  #isAsking = false
  #underWay = 0
  /** Looks for a pause. Nobody has ended a transaction lately where there is none. */
  #looking: ReturnType<typeof setTimeout> | undefined

  constructor(databaseName: string) {
    this.#name = passesOf(databaseName)
  }

  /** Runs a transaction, which gives whether it is known that there was no fence. One that `isFree` need not read it. */
  async run(transact: (isFree: boolean) => Promise<boolean>): Promise<void> {
    this.#underWay += 1
    if (!this.#held && this.#looking !== undefined) this.#ask()
    const held = this.#held
    const isFree = held?.isProved ?? false
    if (held && isFree) held.uses += 1
    try {
      const isOpen = await transact(isFree)
      if (held && isOpen) held.isProved = true
    } finally {
      this.#end()
    }
  }

  #end(): void {
    this.#underWay -= 1
    if (this.#underWay > 0) return
    if (this.#held && this.#held.uses >= MAX_FREE) this.#letGo()
    this.#looking ??= setTimeout(() => {
      this.#looking = undefined
      if (this.#underWay === 0) this.#letGo()
    }, PAUSE_MS)
  }

  /** Refused while somebody waits to raise a fence. */
  #ask(): void {
    const locks = findLocks()
    if (!locks || this.#isAsking) return
    this.#isAsking = true
    locks
      .request(this.#name, { mode: 'shared', ifAvailable: true }, (lock) => (lock ? this.#hold() : undefined))
      // Without a pass everything works as well.
      .catch(() => undefined)
      .finally(() => (this.#isAsking = false))
  }

  #hold(): Promise<void> | undefined {
    if (this.#underWay === 0 && this.#looking === undefined) return undefined
    return new Promise((release) => (this.#held = { release, isProved: false, uses: 0 }))
  }

  #letGo(): void {
    this.#held?.release()
    this.#held = undefined
  }
}
