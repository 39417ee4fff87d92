import type { ActiveRecord, Place } from '../active-record'
import type { StorageAdapter } from '../adapter'
import { StorageError } from '../errors'
import { createPace } from '../pace'
import type { Progress, SwitchOptions, SwitchReport } from '../types'
import { CatchUp } from './catch-up'
import { commitCopied } from './commit'
import { Copy } from './copy'
import { controlFence, type FenceControl } from './fence'
import { beginSwitch, cancelSwitch, listLeftOver, showSwitch } from './record'
import { Lease } from './lease'
import { openTarget } from './open-target'
import { inTime, wait } from './patience'
import { discardAdapter } from './recover'
import { aborted, describeFailure, keepsNothing, notMovable } from './switch-failures'

/** A backend that is open, and where it is. */
export type OpenPlace = { place: Place; adapter: StorageAdapter }

export type SwitchTask = {
  name: string
  from: OpenPlace
  to: Place
  options: SwitchOptions
  /** Whether the data comes back to where it was before. */
  isReturn: boolean
  open(place: Place): Promise<StorageAdapter>
  onProgress(progress: Progress): void
}

export type SwitchResult = { record: ActiveRecord; to: OpenPlace; report: SwitchReport }

/** How often writers are stopped, and for how long they go on in between. */
const MAX_ROUNDS = 20
const BREATH_MS = 100

/**
 * Copies everything, catches up with what is written meanwhile, verifies through a fresh connection, stops the writers for a
 * moment to catch up with the last of it, and records the new place. Until then nothing of the source is changed; when it
 * rejects, nothing is left of it but what the record lists to be removed.
 */
export async function runSwitch(task: SwitchTask): Promise<SwitchResult> {
  const id = crypto.getRandomValues(new Uint32Array(4)).join('-')
  const sign = await showSwitch(id)
  try {
    return await new SwitchRun(task, id).run()
  } finally {
    sign.end()
  }
}

class SwitchRun {
  readonly #task: SwitchTask
  readonly #id: string
  readonly #opened: StorageAdapter[] = []
  readonly #fence: FenceControl
  readonly #lease: Lease
  #phase = 'copy'

  constructor(task: SwitchTask, id: string) {
    const { handover } = task.from.adapter
    if (!handover) throw notMovable(task.from.adapter)
    this.#task = task
    this.#id = id
    this.#fence = controlFence(handover.database)
    this.#lease = new Lease(task.name, id, () => this.#phase)
  }

  async run(): Promise<SwitchResult> {
    const { name, from, to } = this.#task
    this.#assertWanted()
    const place = await beginSwitch(name, this.#id, from.place, to)
    this.#lease.start()
    try {
      return await this.#move(place)
    } catch (error) {
      await this.#giveUp(place)
      throw describeFailure(error, from.place, to)
    } finally {
      this.#lease.stop()
    }
  }

  async #move(place: Place): Promise<SwitchResult> {
    const { from } = this.#task
    const adapter = await this.#open(place)
    if (!adapter.persistent) throw keepsNothing(place)
    const { target, shared, left, close } = await openTarget(adapter, place, this.#task)
    try {
      await this.#beginToRecord()
      const copy = new Copy(from.adapter, target, () => this.#lease.renewIfLate())
      await this.#copy(copy, left)
      const assertWanted = (): void => this.#assertWanted()
      const catchUp = new CatchUp({ id: this.#id, fence: this.#fence, copy, assertWanted })
      await catchUp.whileWritersGoOn()
      const reader = await this.#open(place)
      await this.#verify(copy, reader, adapter)
      await this.#stopWriters(copy, catchUp, reader)
      this.#assertWanted()
      const record = await commitCopied({ name: this.#task.name, id: this.#id, place, target: adapter, shared })
      // Where others write as well, who wrote knows what is its own; elsewhere who verified has at hand what is there.
      const [used, spare] = shared ? [adapter, reader] : [reader, adapter]
      // It counts now: nothing that fails from here on may say that it does not.
      await spare.close().catch(() => undefined)
      const { keys, bytes } = copy.tally
      const conflicts = shared?.clashes.length ?? 0
      return {
        record,
        to: { place, adapter: used },
        report: { from: from.place.backend, to: place.backend, keys, bytes, conflicts },
      }
    } finally {
      await close().catch(() => undefined)
    }
  }

  async #copy(copy: Copy, left: StorageAdapter | undefined): Promise<void> {
    await copy.copyAll(({ keys, bytes, total }) => this.#tell({ phase: 'copy', done: keys, total, bytes }))
    if (!left) return
    // What was left there, and deleted since, is to be deleted there, too.
    copy.markChanged((await left.keys('')).filter((key) => !copy.has(key)))
  }

  async #verify(copy: Copy, reader: StorageAdapter, { handover }: StorageAdapter): Promise<void> {
    this.#phase = 'verify'
    const { keys: total, bytes } = copy.tally
    await copy.verify(reader, (done) => this.#tell({ phase: 'verify', done, total, bytes }))
    if (handover?.startsEmpty) await assertSameKeys(copy, await reader.keys(''), reader)
  }

  /** They stay stopped when the copy has caught up with them. */
  async #stopWriters(copy: Copy, catchUp: CatchUp, reader: StorageAdapter): Promise<void> {
    this.#phase = 'commit'
    const { keys: total, bytes } = copy.tally
    this.#tell({ phase: 'commit', done: 0, total, bytes })
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await this.#lease.renew()
      if (await catchUp.whileWritersWait(reader)) return
      await this.#fence.goOn(this.#id)
      // What was copied meanwhile is not lost, and writers get a moment only: so the slowest target is caught up with.
      await wait(BREATH_MS)
    }
    throw new StorageError(
      'SWITCH_FAILED',
      'The data changes faster than it can be copied. Try again when less is written.',
    )
  }

  async #open(place: Place): Promise<StorageAdapter> {
    const opening = this.#task.open(place)
    const adapter = await (place.url === undefined ? opening : inTime(opening, place))
    this.#opened.push(adapter)
    return adapter
  }

  #tell(progress: Progress): true {
    this.#assertWanted()
    this.#task.onProgress(progress)
    return true
  }

  #assertWanted(): void {
    this.#lease.assertHeld()
    if (this.#task.options.signal?.aborted) throw aborted(this.#task.options.signal)
  }

  /** As long as this switch runs, a fence that is there already is of one that is over. */
  async #beginToRecord(): Promise<void> {
    const held = await this.#fence.read()
    const { signal } = this.#task.options
    await this.#fence
      .record(this.#id, held?.id, { renew: () => this.#lease.renew(), signal })
      .catch((error: unknown) => {
        this.#assertWanted()
        throw error
      })
  }

  /**
   * The source goes on as before, if the record says so: where the commit may count, the fence stays, and whoever meets it looks
   * where the data is. What was written elsewhere stays listed in the record until it is gone.
   */
  async #giveUp(place: Place): Promise<void> {
    const fate = await cancelSwitch(this.#task.name, this.#id).catch(() => 'unknown' as const)
    if (fate === 'cancelled') await this.#fence.release(this.#id).catch(() => undefined)
    const leave = fate === 'cancelled' ? discardAdapter : (adapter: StorageAdapter) => adapter.close()
    await Promise.allSettled(this.#opened.map(leave))
    if (fate === 'over') await listLeftOver(this.#task.name, place).catch(() => undefined)
  }
}

async function assertSameKeys(copy: Copy, found: readonly string[], { name }: StorageAdapter): Promise<void> {
  const pace = createPace()
  let isSame = copy.tally.keys === found.length
  for (const key of found) {
    isSame &&= copy.has(key)
    const pause = pace()
    if (pause) await pause
  }
  if (isSame) return
  const message = `"${name}" holds other keys than were copied there, so it was not switched to. Nothing was lost.`
  throw new StorageError('SWITCH_FAILED', message, { backend: name })
}
