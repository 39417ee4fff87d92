import type { StorageAdapter } from '../adapter'
import type { Copy } from './copy'
import type { FenceControl } from './fence'
import { wait } from './patience'

/** So few changes are caught up while writers wait. */
const FEW_CHANGES = 20
/** Writers wait this long at most; then they go on, and more is caught up before they are stopped again. */
const MAX_FREEZE_MS = 2_000
const POLL_MS = 20

type Parts = { id: string; fence: FenceControl; copy: Copy; assertWanted(): void }

/** Brings a copy up to what is written at its source meanwhile. */
export class CatchUp {
  readonly #id: string
  readonly #fence: FenceControl
  readonly #copy: Copy
  readonly #assertWanted: () => void

  constructor({ id, fence, copy, assertWanted }: Parts) {
    this.#id = id
    this.#fence = fence
    this.#copy = copy
    this.#assertWanted = assertWanted
  }

  /** Until little is left, or the writers are too quick to be caught up with. */
  async whileWritersGoOn(): Promise<void> {
    for (
      let before = Infinity, left = Infinity;
      left > FEW_CHANGES && left <= before / 2 + FEW_CHANGES;
      before = left
    ) {
      this.#assertWanted()
      left = await this.#takeChanged()
      await this.#copy.catchUp(() => this.#stopWhenUnwanted())
    }
  }

  /** Until nothing is left, and all of it verified; gives `false` when writers would have to wait too long. */
  async whileWritersWait(reader: StorageAdapter): Promise<boolean> {
    const end = performance.now() + MAX_FREEZE_MS
    const isLate = (): boolean => this.#stopWhenUnwanted() || performance.now() > end
    await this.#fence.freeze(this.#id)
    while ((await this.#fence.countWriters()) > 0) {
      if (isLate()) return false
      await wait(POLL_MS)
    }
    await this.#takeChanged()
    return (await this.#copy.catchUp(isLate)) && (await this.#copy.verify(reader, () => !isLate()))
  }

  /** Gives how many keys have changed. */
  async #takeChanged(): Promise<number> {
    const { keys, any } = await this.#fence.take(this.#id)
    const changed = any ? await this.#copy.allKeys() : keys
    this.#copy.markChanged(changed)
    return changed.length
  }

  /** Never says yes: it throws instead. */
  #stopWhenUnwanted(): false {
    this.#assertWanted()
    return false
  }
}
