import type { SwitchOptions, SwitchReport, UnifiedStorage } from '@unified-storage/core'

type Switching =
  'switchTo' | 'switchToFlask' | 'switchToIndexedDB' | 'switchToSQLite' | 'switchToSparkKV' | 'undoSwitch'

/** The ways to another backend, and out of a switch that is under way, whoever started it. */
export type SwitchActions = Pick<UnifiedStorage, Switching> & {
  /** Cancels the switch that a hook on this storage started; it rejects with `ABORTED`, unless it is too late for that. */
  cancelSwitch(): void
}

const known = new WeakMap<UnifiedStorage, SwitchActions>()

/** All hooks on one storage have the same, so that each can cancel what another started. */
export function getSwitchActions(storage: UnifiedStorage): SwitchActions {
  const actions = known.get(storage) ?? createSwitchActions(storage)
  known.set(storage, actions)
  return actions
}

type Start = (options: SwitchOptions) => Promise<SwitchReport>

function createSwitchActions(storage: UnifiedStorage): SwitchActions {
  const running = new Set<AbortController>()

  async function run(start: Start, options: SwitchOptions = {}): Promise<SwitchReport> {
    const { signal: outer } = options
    const controller = new AbortController()
    const abort = (): void => controller.abort(outer?.reason)
    outer?.addEventListener('abort', abort)
    if (outer?.aborted) abort()
    running.add(controller)
    try {
      return await start({ ...options, signal: controller.signal })
    } finally {
      running.delete(controller)
      outer?.removeEventListener('abort', abort)
    }
  }

  return {
    switchTo: (backend, options) => run((cancellable) => storage.switchTo(backend, cancellable), options),
    switchToFlask: (url, options) => run((cancellable) => storage.switchToFlask(url, cancellable), options),
    switchToIndexedDB: (options) => run(storage.switchToIndexedDB, options),
    switchToSQLite: (options) => run(storage.switchToSQLite, options),
    switchToSparkKV: (options) => run(storage.switchToSparkKV, options),
    undoSwitch: (options) => run(storage.undoSwitch, options),
    cancelSwitch: () => running.forEach((controller) => controller.abort()),
  }
}
