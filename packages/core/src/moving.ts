import { type ActiveRecord, type Place, readActiveRecord } from './active-record'
import type { StorageAdapter } from './adapter'
import { detectEnvironment } from './choose-backend'
import { StorageError } from './errors'
import type { Fence } from './handover'
import { loadPart } from './load-part'
import type { Opened } from './open-backend'
import type { OpenPlace } from './switching/switch-run'
import type { Progress, StandIn, SwitchOptions, SwitchReport } from './types'

/** What a switch needs of whoever holds the open backend. */
export type Holder = {
  name: string
  current(): Opened | undefined
  standIn(): StandIn | undefined
  open(place: Place): Promise<StorageAdapter>
  /** Opens what is recorded, unless it is open. */
  start(): Promise<unknown>
  /** Tries what another stands in for again; what waits is brought there. */
  retry(): Promise<void>
  onProgress(progress: Progress): void
  onCancel(): void
  onEnd(): void
  /** The data is there now. */
  adopt(to: OpenPlace, record: ActiveRecord): void
  /** Goes where the record says that the data is. */
  follow(): Promise<void>
}

/** Where the data is to go, which may depend on where it is. */
export type Destination = (held: Place | undefined) => Place

export type Moving = {
  /** Moves the data; with no destination, back to where it was before. */
  switchTo(to: Destination | undefined, options: SwitchOptions): Promise<SwitchReport>
  /** Asks the switch that is under way to stop, as its caller's own signal does. */
  cancelSwitch(): void
  /** Waits until what a fence stopped is worth another try, here or where the data is now. */
  passFence(fence: Fence): Promise<void>
  /** Looks whether the data is somewhere else by now. */
  followRecord(): void
  /** Resolves when no switch is under way, and nothing is followed. */
  idle(): Promise<void>
}

const FENCE_PAUSE_MS = 20

/** Moves the data, and follows it when another tab has moved it; most of the code is loaded when that happens. */
export function createMoving(holder: Holder): Moving {
  let switching: Promise<SwitchReport> | undefined
  let cancelling: AbortController | undefined
  let following: Promise<void> | undefined

  async function start(to: Destination | undefined, options: SwitchOptions): Promise<SwitchReport> {
    await holder.start()
    const { switchBackend } = await loadSwitching()
    // Where nothing can be recorded it says so itself.
    const held = detectEnvironment().indexedDB ? await readActiveRecord(holder.name) : undefined
    return switchBackend(holder, to?.(held), options)
  }

  /** Whoever was cut off while the data came back here may have left the fence as it was. */
  async function isRecordedHere(): Promise<boolean> {
    const record = await readActiveRecord(holder.name)
    return record !== undefined && isHere(record, holder.current())
  }

  const follow = (): Promise<void> => (following ??= holder.follow().finally(() => (following = undefined)))

  return {
    async idle() {
      await Promise.allSettled([switching, following])
    },
    switchTo(to, options) {
      if (switching) return Promise.reject(switchUnderWay())
      cancelling = controllerUnder(options.signal)
      const { signal } = cancelling
      const run = start(to, { ...options, signal }).finally(() => {
        switching = cancelling = undefined
        holder.onEnd()
      })
      return (switching = run)
    },
    cancelSwitch() {
      if (!cancelling || cancelling.signal.aborted) return
      cancelling.abort()
      holder.onCancel()
    },
    async passFence({ state, id }) {
      await new Promise((resolve) => setTimeout(resolve, FENCE_PAUSE_MS))
      // A switch of this very instance takes care of itself.
      if (switching) return
      if (state === 'moved' && !(await isRecordedHere())) return follow()
      const { settleFence } = await loadSwitching()
      await settleFence(holder, id)
    },
    followRecord() {
      if (switching || following) return
      // What cannot be known now is found out by the next call, at the fence.
      readActiveRecord(holder.name)
        .then((record) => (record && !isHere(record, holder.current()) ? follow() : undefined))
        .catch(() => undefined)
    },
  }
}

/** Aborts with `outer`, and by itself. */
function controllerUnder(outer: AbortSignal | undefined): AbortController {
  const controller = new AbortController()
  const abort = (): void => controller.abort(outer?.reason)
  if (outer?.aborted) abort()
  outer?.addEventListener('abort', abort, { once: true })
  return controller
}

const loadSwitching = () => loadPart(() => import('./switching/index'))

function isHere(record: ActiveRecord, current: Opened | undefined): boolean {
  return current?.backend === record.backend && current.url === record.url && current.generation === record.generation
}

function switchUnderWay(): StorageError {
  return new StorageError('SWITCH_FAILED', 'A switch is under way already. Try again when it is over, or cancel it.')
}
