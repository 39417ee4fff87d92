import { type ActiveRecord, type Place, readActiveRecord } from '../active-record'
import type { StorageAdapter } from '../adapter'
import { openSideStore } from '../backends/registry'
import { StorageError } from '../errors'
import type { Progress, SwitchOptions, SwitchReport } from '../types'
import { Copy } from './copy'
import { whereThere } from './databases'
import { controlFence, type FenceControl } from './fence'
import { beginSwitch, cancelSwitch, commitSwitch, isSamePlace, listLeftOver, showSwitch } from './record'
import { Lease } from './lease'
import { openTarget } from './open-target'
import { inTime, untilKnown, wait } from './patience'
import { discardAdapter } from './recover'
import type { SharedTarget } from './shared-target'
import { aborted, describeFailure, keepsNothing, notMovable } from './switch-failures'
import type { Target } from './target'

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

/** So few changes are caught up while writers wait. */
const FEW_CHANGES = 20
/** Writers wait this long at most; then they go on, and more is caught up before they are stopped again. */
const MAX_FREEZE_MS = 2_000
const MAX_ROUNDS = 20
/** Between two freezes. */
const BREATH_MS = 100
const POLL_MS = 20

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
      throw describeFailure(error, to)
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
      const copy = new Copy(from.adapter, this.#whileAlive(target))
      await this.#copy(copy, left)
      await this.#catchUp(copy)
      const reader = await this.#open(place)
      await this.#verify(copy, reader, adapter)
      const record = await this.#freezeAndCommit(copy, reader, place, shared)
      // It counts now: nothing that fails from here on may say that it does not.
      await reader.close().catch(() => undefined)
      const { keys, bytes } = copy.tally
      const conflicts = shared?.clashes.length ?? 0
      return {
        record,
        to: { place, adapter },
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
    const { keys } = copy
    copy.markChanged((await left.keys('')).filter((key) => !keys.has(key)))
  }

  /** While the source goes on: until little is left, or the writers are too quick to be caught up with. */
  async #catchUp(copy: Copy): Promise<void> {
    for (
      let before = Infinity, left = Infinity;
      left > FEW_CHANGES && left <= before / 2 + FEW_CHANGES;
      before = left
    ) {
      this.#assertWanted()
      left = await this.#takeChanged(copy)
      await copy.catchUp(() => this.#stopWhenUnwanted())
    }
  }

  async #takeChanged(copy: Copy): Promise<number> {
    const { keys, any } = await this.#fence.take(this.#id)
    const changed = any ? await copy.allKeys() : keys
    copy.markChanged(changed)
    return changed.length
  }

  async #verify(copy: Copy, reader: StorageAdapter, { handover }: StorageAdapter): Promise<void> {
    this.#phase = 'verify'
    const { keys: total, bytes } = copy.tally
    await copy.verify(reader, (done) => this.#tell({ phase: 'verify', done, total, bytes }))
    if (handover?.startsEmpty) assertSameKeys(copy.keys, await reader.keys(''), reader)
  }

  async #freezeAndCommit(
    copy: Copy,
    reader: StorageAdapter,
    place: Place,
    shared?: SharedTarget,
  ): Promise<ActiveRecord> {
    this.#phase = 'commit'
    const { keys: total, bytes } = copy.tally
    this.#tell({ phase: 'commit', done: 0, total, bytes })
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await this.#lease.renew()
      if (await this.#freeze(copy, reader)) return this.#commit(place, shared)
      await this.#fence.goOn(this.#id)
      // What was copied meanwhile is not lost, and writers get a moment only: so the slowest target is caught up with.
      await wait(BREATH_MS)
    }
    throw new StorageError(
      'SWITCH_FAILED',
      'The data changes faster than it can be copied. Try again when less is written.',
    )
  }

  /** Gives `false` when writers would have to wait too long. */
  async #freeze(copy: Copy, reader: StorageAdapter): Promise<boolean> {
    const end = performance.now() + MAX_FREEZE_MS
    const isLate = (): boolean => this.#stopWhenUnwanted() || performance.now() > end
    await this.#fence.freeze(this.#id)
    while ((await this.#fence.countWriters()) > 0) {
      if (isLate()) return false
      await wait(POLL_MS)
    }
    await this.#takeChanged(copy)
    return (await copy.catchUp(isLate)) && (await copy.verify(reader, () => !isLate()))
  }

  async #commit(place: Place, shared: SharedTarget | undefined): Promise<ActiveRecord> {
    const { name } = this.#task
    this.#assertWanted()
    if (shared) await keepClashes(shared, name, place)
    const { handover } = this.#opened[0] ?? {}
    // What was copied must be as durable as the record that says it is there.
    if (handover) await whereThere(handover.database, (found) => controlFence(found).flush())
    const hasClashes = shared !== undefined && shared.clashes.length > 0
    return commitSwitch(name, this.#id, { hasClashes }).catch(async (error: unknown) => {
      // The connection may die between the commit and the news of it.
      const record = await untilKnown(() => readActiveRecord(name))
      if (record && isSamePlace(record, place)) return record
      throw error
    })
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

  /** Never says yes: it throws instead. */
  #stopWhenUnwanted(): false {
    this.#assertWanted()
    return false
  }

  #assertWanted(): void {
    this.#lease.assertHeld()
    if (this.#task.options.signal?.aborted) throw aborted(this.#task.options.signal)
  }

  /** As long as this switch runs, a fence that is there already is of one that is over. */
  async #beginToRecord(): Promise<void> {
    const held = await this.#fence.read()
    await this.#lease.renew()
    await this.#fence.record(this.#id, held?.id)
  }

  #whileAlive(target: Target): Target {
    return {
      write: async (...copied) => {
        await this.#lease.renewIfLate()
        return target.write(...copied)
      },
    }
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

async function keepClashes(shared: SharedTarget, name: string, place: Place): Promise<void> {
  if (shared.clashes.length === 0) return
  const store = await openSideStore('set-aside', name)
  try {
    await shared.setAsideClashes(store, `switch-${place.generation}`)
  } finally {
    await store.close()
  }
}

function assertSameKeys(expected: ReadonlySet<string>, found: readonly string[], { name }: StorageAdapter): void {
  if (expected.size === found.length && found.every((key) => expected.has(key))) return
  const message = `"${name}" holds other keys than were copied there, so it was not switched to. Nothing was lost.`
  throw new StorageError('SWITCH_FAILED', message, { backend: name })
}
