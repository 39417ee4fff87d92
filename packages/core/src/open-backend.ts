import { type ActiveRecord, claimActiveRecord, type Place, startFromRecord } from './active-record'
import type { StorageAdapter } from './adapter'
import { type BackendRegistry, openGate, serverAdapter } from './backends/registry'
import { type Choice, chooseBackend, detectEnvironment, type Environment } from './choose-backend'
import { type BackendChoice, keepOriginalChoice, readConfigured } from './configured-backend'
import { isStorageError, StorageError } from './errors'
import { loadPart } from './load-part'
import type { Settings } from './options'
import { serverUrlProblem } from './server-url'
import type { BackendName } from './types'

export type Opened = {
  backend: BackendName | null
  url?: string
  generation?: number
  adapter: StorageAdapter
  hasJournal?: true
  previous?: BackendName
}
/** A backend that holds the data, or was asked for by name, cannot be opened: another may stand in for it (rule D3). */
export type Unopened = { wanted: BackendChoice; error: StorageError }

type BrowserChoice = Exclude<Choice, { type: 'server' }>

/** Opens the backend that is recorded, or else the one that is chosen, which is recorded then. */
export async function openBackend(settings: Settings, registry: BackendRegistry): Promise<Opened | Unopened> {
  const available = detectEnvironment()
  const record = await readRecord(settings.name, available)
  await settleSwitch(settings, registry, record)
  const recorded = record?.isUnopened ? undefined : record
  const choice = chooseBackend({ recorded, configured: readConfigured(settings), available })
  if (choice.type === 'server') return { backend: null, adapter: serverAdapter }
  try {
    const opened = await openChoice(choice, registry, settings, recorded)
    // What keeps nothing is not recorded; what waited for it is shown all the same.
    if (!available.indexedDB || !opened.adapter.persistent) return withJournal(opened, record)
    return (await settle(opened, recorded, settings.name)) ?? (await openBackend(settings, registry))
  } catch (cause) {
    const isKnown = recorded !== undefined || (choice.type === 'one' && registry.has(choice.backend))
    if (!isKnown || !available.indexedDB) throw cause
    return { wanted: wantedBy(choice, cause), error: toOpenError(cause) }
  }
}

/** IndexedDB cannot stand in for itself, unless it works and its data is gone, nor for what nobody asked for. */
function wantedBy(choice: BrowserChoice, cause: unknown): BackendChoice {
  if (choice.type === 'first-of' || (choice.backend === 'indexeddb' && !isCorrupt(cause))) throw cause
  const { type: _type, ...wanted } = choice
  return wanted
}

async function readRecord(name: string, available: Environment): Promise<ActiveRecord | undefined> {
  if (!available.indexedDB) return undefined
  try {
    return await startFromRecord(name)
  } catch (error) {
    if (!isUnsupported(error)) throw error
    available.indexedDB = false
    return undefined
  }
}

/** What is recorded was there; when it is gone, only a person can say that it is to begin anew, with `clear()`. */
async function openRecorded(record: ActiveRecord, registry: BackendRegistry, settings: Settings): Promise<Opened> {
  try {
    return await openNamed(record, registry, settings, true)
  } catch (error) {
    if (!record.hasJournal || !isCorrupt(error)) throw error
    const { isClearWaiting } = await loadPart(() => import('./stand-in/index'))
    if (!(await isClearWaiting(settings.name))) throw error
    return openNamed(record, registry, settings)
  }
}

/** Passes over what cannot be used here; any other failure might hide data, and is not passed over. */
async function openChoice(
  choice: BrowserChoice,
  registry: BackendRegistry,
  settings: Settings,
  recorded: ActiveRecord | undefined,
): Promise<Opened> {
  if (recorded) return openRecorded(recorded, registry, settings)
  if (choice.type === 'one') return openNamed(choice, registry, settings)
  for (const backend of choice.backends) {
    try {
      return await openNamed({ backend }, registry, settings)
    } catch (error) {
      if (!isUnsupported(error)) throw error
    }
  }
  return { ...(await openNamed({ backend: 'memory' }, registry, settings)), backend: null }
}

/** Opens the backend of one place, with a fence of its own or through a gate. */
export async function openPlace(place: Place, registry: BackendRegistry, settings: Settings): Promise<StorageAdapter> {
  return (await openNamed(place, registry, settings)).adapter
}

function isUnsettled({ switching, settling, leftOver }: ActiveRecord): boolean {
  return switching !== undefined || settling !== undefined || leftOver !== undefined
}

async function settleSwitch(
  settings: Settings,
  registry: BackendRegistry,
  record: ActiveRecord | undefined,
): Promise<void> {
  if (!record || !isUnsettled(record)) return
  const { recover } = await loadPart(() => import('./switching/index'))
  await recover({ name: settings.name, open: (place) => openPlace(place, registry, settings) }, record)
}

async function openNamed(
  place: Place,
  registry: BackendRegistry,
  settings: Settings,
  mustExist = false,
): Promise<Opened> {
  const { backend, url, generation } = place
  const load = registry.get(backend)
  if (!load) throw unknownBackend(backend, registry)
  const problem = url === undefined ? undefined : serverUrlProblem(url)
  if (problem)
    throw new StorageError('INVALID_OPTION', `The address of the "${backend}" server ${problem}.`, { backend })
  const factory = await load()
  const where = { ...(url !== undefined && { url }), ...(generation !== undefined && { generation }) }
  const { name, durability, getToken } = settings
  const known = { ...(mustExist && { mustExist }), ...(getToken && { getToken }) }
  const adapter = await factory({ name, durability, ...where, ...known })
  return { backend, ...where, adapter: await withFence(adapter, name, generation) }
}

/** What keeps nothing, and a browser without IndexedDB, go without: nothing can be moved away from there. */
async function withFence(adapter: StorageAdapter, name: string, generation?: number): Promise<StorageAdapter> {
  const needsGate = adapter.persistent && !adapter.handover && detectEnvironment().indexedDB
  if (!needsGate) return adapter
  return loadPart(() => openGate(adapter, { name, generation }, ({ id }) => settleFence(name, generation, id)))
}

/** For a writer that does not know whether it was in time. */
async function settleFence(name: string, generation: number | undefined, id: string): Promise<void> {
  const switching = await loadPart(() => import('./switching/index'))
  await switching.settleFence({ name, current: () => ({ ...(generation !== undefined && { generation }) }) }, id)
}

/** Makes what was opened the storage's own; closes it and gives `undefined` where another tab's choice holds. */
async function settle(opened: Opened, recorded: ActiveRecord | undefined, name: string): Promise<Opened | undefined> {
  const { backend, url, adapter } = opened
  if (backend === null) return opened
  try {
    const held = recorded ?? (await claim(name, { backend, ...(url !== undefined && { url }) }))
    if (held.backend === backend && held.url === url && held.generation === opened.generation)
      return withJournal(opened, held)
  } catch (error) {
    await adapter.close()
    throw error
  }
  await adapter.close()
  return undefined
}

function withJournal(opened: Opened, record: ActiveRecord | undefined): Opened {
  if (!record) return opened
  const { hasJournal, previous } = record
  return { ...opened, ...(hasJournal && { hasJournal }), ...(previous && { previous: previous.backend }) }
}

async function claim(name: string, choice: BackendChoice): Promise<ActiveRecord> {
  const held = await claimActiveRecord(name, choice)
  if (name === 'default') keepOriginalChoice(held)
  return held
}

function isUnsupported(error: unknown): boolean {
  return isStorageError(error) && error.code === 'UNSUPPORTED'
}

function isCorrupt(error: unknown): boolean {
  return isStorageError(error) && error.code === 'CORRUPT'
}

function unknownBackend(name: BackendName, registry: BackendRegistry): StorageError {
  const known = [...registry.keys()].join(', ')
  return new StorageError(
    'UNSUPPORTED',
    `There is no backend called "${name}". Use one of: ${known}, or add it with the option "backends".`,
  )
}

export function toOpenError(cause: unknown): StorageError {
  if (isStorageError(cause)) return cause
  return new StorageError('UNAVAILABLE', 'The storage could not be opened. Reload the page; the cause is attached.', {
    cause,
  })
}
