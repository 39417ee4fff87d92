import type { StorageAdapter } from './adapter'
import { type BackendRegistry, createRegistry, serverAdapter } from './backends/registry'
import { type Choice, chooseBackend, detectEnvironment } from './choose-backend'
import { isStorageError, StorageError } from './errors'
import type { Settings } from './options'
import type { StateStore } from './state'
import type { BackendName } from './types'

export type ActiveBackend = {
  /** Opens the backend on first use. A failed open is not remembered: the next call tries again (rule D4). */
  open(): Promise<StorageAdapter>
  close(): Promise<void>
}

/** Holds the one open adapter, and keeps the state in step with it. */
export function createActiveBackend(
  settings: Settings,
  state: StateStore,
  onOpen: (adapter: StorageAdapter) => void,
): ActiveBackend {
  const registry = createRegistry(settings.problem ? {} : settings.backends)
  let opening: Promise<StorageAdapter> | undefined

  async function openChosen(): Promise<StorageAdapter> {
    const choice = chooseBackend({ prefer: settings.prefer, available: detectEnvironment() })
    const adapter = await openAdapter(choice, registry, settings)
    const backend = choice.type === 'backend' ? choice.name : null
    onOpen(adapter)
    state.set({ status: 'ready', backend, persistent: adapter.persistent })
    return adapter
  }

  function onFailure(cause: unknown): never {
    const error = isStorageError(cause) ? cause : describeFailedOpen(cause)
    opening = undefined
    state.set({ status: 'failed', backend: null, persistent: false, error })
    throw error
  }

  return {
    open: () => (opening ??= openChosen().catch(onFailure)),
    close: async () => (await opening)?.close(),
  }
}

async function openAdapter(choice: Choice, registry: BackendRegistry, settings: Settings): Promise<StorageAdapter> {
  if (choice.type === 'server') return serverAdapter
  const name = choice.type === 'backend' ? choice.name : 'memory'
  const load = registry.get(name)
  if (!load) throw unknownBackend(name, registry)
  const factory = await load()
  return factory({ name: settings.name, durability: settings.durability })
}

function unknownBackend(name: BackendName, registry: BackendRegistry): StorageError {
  const known = [...registry.keys()].join(', ')
  return new StorageError(
    'UNSUPPORTED',
    `There is no backend called "${name}". Use one of: ${known}, or add it with the option "backends".`,
  )
}

function describeFailedOpen(cause: unknown): StorageError {
  return new StorageError('UNAVAILABLE', 'The storage could not be opened. Reload the page; the cause is attached.', {
    cause,
  })
}
