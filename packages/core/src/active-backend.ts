import { type ActiveRecord, claimActiveRecord, readActiveRecord } from './active-record'
import type { StorageAdapter } from './adapter'
import { type BackendRegistry, createRegistry, serverAdapter } from './backends/registry'
import { type Choice, chooseBackend, detectEnvironment, type Environment, readLegacyChoice } from './choose-backend'
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
    const opened = await openBackend(settings, registry)
    onOpen(opened.adapter)
    state.set({ status: 'ready', backend: opened.backend, persistent: opened.adapter.persistent })
    return opened.adapter
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

type Opened = { backend: BackendName | null; adapter: StorageAdapter }

async function openBackend(settings: Settings, registry: BackendRegistry): Promise<Opened> {
  const available = detectEnvironment()
  const record = await readRecord(settings.name, available)
  const legacy = readLegacyChoice(settings.name)
  const choice = chooseBackend({ recorded: record?.backend, prefer: settings.prefer, legacy, available })
  if (choice.type === 'server') return { backend: null, adapter: serverAdapter }
  if (record) return openNamed(record.backend, registry, settings)
  const opened = await openFirst(choice, registry, settings)
  return available.indexedDB ? claim(opened, registry, settings) : opened
}

async function readRecord(name: string, available: Environment): Promise<ActiveRecord | undefined> {
  if (!available.indexedDB) return undefined
  try {
    return await readActiveRecord(name)
  } catch (error) {
    if (!isUnsupported(error)) throw error
    available.indexedDB = false
    return undefined
  }
}

/** Records the first choice, unless another tab was first: then its choice is everybody's. */
async function claim(opened: Opened, registry: BackendRegistry, settings: Settings): Promise<Opened> {
  if (opened.backend === null || !opened.adapter.persistent) return opened
  const held = await claimActiveRecord(settings.name, { backend: opened.backend })
  if (held.backend === opened.backend) return opened
  await opened.adapter.close()
  return openNamed(held.backend, registry, settings)
}

/** Passes over what cannot be used here; any other failure might hide data, and is not passed over. */
async function openFirst(choice: Exclude<Choice, { type: 'server' }>, registry: BackendRegistry, settings: Settings) {
  if (choice.type === 'one') return openNamed(choice.backend, registry, settings)
  for (const backend of choice.backends) {
    try {
      return await openNamed(backend, registry, settings)
    } catch (error) {
      if (!isUnsupported(error)) throw error
    }
  }
  return { backend: null, adapter: (await openNamed('memory', registry, settings)).adapter }
}

async function openNamed(backend: BackendName, registry: BackendRegistry, settings: Settings): Promise<Opened> {
  const load = registry.get(backend)
  if (!load) throw unknownBackend(backend, registry)
  const factory = await load()
  return { backend, adapter: await factory({ name: settings.name, durability: settings.durability }) }
}

function isUnsupported(error: unknown): boolean {
  return isStorageError(error) && error.code === 'UNSUPPORTED'
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
