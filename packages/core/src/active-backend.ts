import { type ActiveRecord, type Place, readActiveRecord, recordOutage } from './active-record'
import type { StorageAdapter } from './adapter'
import { createRegistry, openSideStore } from './backends/registry'
import { loadPart } from './load-part'
import { keepOriginalChoice, offeredServer } from './configured-backend'
import { StorageError } from './errors'
import type { Fence } from './handover'
import { type Opened, openBackend, openPlace, toOpenError, type Unopened } from './open-backend'
import type { Settings } from './options'
import type { StateStore } from './state'
import type { Holder } from './switching/index'
import type { StandIn, SwitchOptions, SwitchReport } from './types'

export type ActiveBackend = {
  /** Opens the backend on first use. A failed open is not remembered: the next call tries again (rule D4). */
  open(): Promise<StorageAdapter>
  /** Where another stands in for the wanted backend: tries that again, and rejects with the reason when it still fails. */
  retry(): Promise<void>
  /** Moves the data; with no place, back to where it was before. */
  switchTo(to: Place | undefined, options: SwitchOptions): Promise<SwitchReport>
  /** Waits until a fence is worth another try, here or where the data is now. */
  passFence(fence: Fence): Promise<void>
  close(): Promise<void>
}

export type Surroundings = {
  onOpen(adapter: StorageAdapter): void
  /** Runs a task between transactions. */
  takeTurn(task: () => Promise<void>): Promise<void>
  /** What waited for a backend was brought to it, and some of it may have been set aside. */
  onBrought(): void
  /** Another backend is active now, and every value may differ. */
  onReload(): void
}

/** Holds the one open adapter, and keeps the state in step with it. */
export function createActiveBackend(settings: Settings, state: StateStore, surroundings: Surroundings): ActiveBackend {
  const { onOpen, takeTurn, onBrought, onReload } = surroundings
  const registry = createRegistry(settings.problem ? {} : settings.backends)
  let opening: Promise<StorageAdapter> | undefined
  let retrying: Promise<void> | undefined
  let isClosed = false
  let current: Opened | undefined
  let switching: Promise<SwitchReport> | undefined
  let following: Promise<void> | undefined

  async function openChosen(): Promise<StorageAdapter> {
    const found = await openBackend(settings, registry)
    const result = 'error' in found ? found : await bringWaiting(found, settings.name, onBrought)
    if (!('error' in result)) return use(result)
    const standIn = await openStandIn(settings.name, result, state, retry)
    if (!standIn) return openChosen()
    onOpen(standIn)
    return standIn
  }

  function use(opened: Opened): StorageAdapter {
    const { backend, url, adapter, previous } = opened
    const offeredUrl = offeredServer(settings, opened)
    current = opened
    onOpen(adapter)
    state.set({
      status: 'ready',
      backend,
      persistent: adapter.persistent,
      ...(url !== undefined && { url }),
      ...(offeredUrl !== undefined && { offeredUrl }),
      ...(previous && { previous }),
    })
    return adapter
  }

  function retry(): Promise<void> {
    if (!state.get().standIn) return Promise.resolve()
    return (retrying ??= replaceStandIn()
      .catch((cause: unknown) => {
        throw toOpenError(cause)
      })
      .finally(() => (retrying = undefined)))
  }

  async function replaceStandIn(): Promise<void> {
    const found = await openBackend(settings, registry)
    if ('error' in found) return keepStandIn(state, found)
    // Nothing is written between the replay and the change of place.
    await takeTurn(async () => {
      if (isClosed) return found.adapter.close()
      const result = await bringWaiting(found, settings.name, onBrought)
      if ('error' in result) return keepStandIn(state, result)
      const standIn = await opening
      opening = Promise.resolve(use(result))
      onReload()
      await standIn?.close()
    })
  }

  const holder: Holder = {
    name: settings.name,
    current() {
      if (current?.backend == null) throw nothingToMove()
      const { backend, url, generation, adapter } = current
      return {
        place: { backend, ...(url !== undefined && { url }), ...(generation !== undefined && { generation }) },
        adapter,
      }
    },
    open: (place) => openPlace(place, registry, settings),
    onProgress: (progress) => state.set({ ...state.get(), status: 'switching', progress }),
    adopt({ place, adapter }, { previous }) {
      const source = current?.adapter
      if (settings.name === 'default') keepOriginalChoice(place)
      opening = Promise.resolve(use({ ...place, adapter, ...(previous && { previous: previous.backend }) }))
      onReload()
      // What is under way there reads to its end.
      if (source) takeTurn(() => source.close()).catch(() => undefined)
    },
  }

  async function switchTo(to: Place | undefined, options: SwitchOptions): Promise<SwitchReport> {
    await active.open()
    const { switchBackend, previousPlace } = await loadPart(() => import('./switching/index'))
    const target = to ?? (await previousPlace(settings.name))
    const from = holder.current()
    if (to && to.backend === from.place.backend && to.url === from.place.url) {
      return { from: to.backend, to: to.backend, keys: 0, bytes: 0, conflicts: 0 }
    }
    const { onProgress } = options
    const told: Holder = {
      ...holder,
      onProgress(progress) {
        holder.onProgress(progress)
        onProgress?.(progress)
      },
    }
    return switchBackend(
      told,
      { backend: target.backend, ...(target.url !== undefined && { url: target.url }) },
      options,
    )
  }

  /** Goes where the record says that the data is. */
  async function follow(): Promise<void> {
    const source = opening
    opening = undefined
    await active.open()
    onReload()
    takeTurn(async () => (await source)?.close()).catch(() => undefined)
  }

  async function passFence({ state: fence, id }: Fence): Promise<void> {
    await pause()
    if (switching) return
    if (fence === 'moved') return (following ??= follow().finally(() => (following = undefined)))
    const { settleFence } = await loadPart(() => import('./switching/index'))
    await settleFence({ name: settings.name, open: holder.open }, holder.current().place, id)
  }

  function onFailure(cause: unknown): never {
    const error = toOpenError(cause)
    opening = undefined
    state.set({ status: 'failed', backend: null, persistent: false, error })
    throw error
  }

  const active: ActiveBackend = {
    open: () => (opening ??= openChosen().catch(onFailure)),
    retry,
    passFence,
    switchTo(to, options) {
      if (switching) return Promise.reject(switchUnderWay())
      return (switching = switchTo(to, options).finally(() => {
        switching = undefined
        const { progress: _over, ...rest } = state.get()
        if (rest.status === 'switching') state.set({ ...rest, status: 'ready' })
      }))
    },
    async close() {
      isClosed = true
      // What does not open needs no closing, and whoever asked for it was told.
      const adapter = await opening?.catch(() => undefined)
      await adapter?.close()
    },
  }
  return active
}

const FENCE_PAUSE_MS = 20

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, FENCE_PAUSE_MS))

function switchUnderWay(): StorageError {
  return new StorageError('SWITCH_FAILED', 'A switch is under way already. Try again when it is over, or cancel it.')
}

function nothingToMove(): StorageError {
  const message = 'Data that is kept in memory only cannot be moved. Export it, and import it where it is to be kept.'
  return new StorageError('UNSUPPORTED', message)
}

/** Opens IndexedDB in the place of what could not be opened; `undefined` when another tab opened something meanwhile. */
async function openStandIn(
  name: string,
  { wanted, error }: Unopened,
  state: StateStore,
  onChance: () => Promise<void>,
): Promise<StorageAdapter | undefined> {
  const record = await recordOutage(name, wanted)
  if (record.backend !== wanted.backend || record.url !== wanted.url) return undefined
  // What is damaged is there: it could not be opened, and holds data all the same.
  const holdsData = !record.isUnopened || error.code === 'CORRUPT'
  const outage = { wanted: record.backend, error, holdsData }
  let pending = 0
  const onPending = (count: number): void => updateStandIn(state, { pending: (pending = count) })
  const adapter = await (
    await loadPart(() => import('./stand-in/index'))
  ).openStandIn(name, outage, { onPending, onChance })
  const { name: backend, persistent } = adapter
  state.set({ status: 'ready', backend, persistent, standIn: { wanted: wanted.backend, error, pending } })
  return adapter
}

/** News of the stand-in may come late, when there is none any more. */
function updateStandIn(state: StateStore, news: Partial<StandIn>): void {
  const current = state.get()
  if (current.standIn) state.set({ ...current, standIn: { ...current.standIn, ...news } })
}

function keepStandIn(state: StateStore, { error }: Unopened): never {
  updateStandIn(state, { error })
  throw error
}

/** Writes that waited for a backend come first; one that does not take them is not ready. */
async function bringWaiting(opened: Opened, name: string, onBrought: () => void): Promise<Opened | Unopened> {
  const { backend, url, adapter, hasJournal } = opened
  if (!hasJournal || backend === null) return opened
  try {
    await (await loadPart(() => import('./stand-in/index'))).replayInto(adapter, name)
    onBrought()
    return opened
  } catch (cause) {
    await adapter.close()
    return { wanted: { backend, ...(url !== undefined && { url }) }, error: toOpenError(cause) }
  }
}

/** What replays and switches set aside; nothing is opened, or made, where neither ever happened. */
export async function openSetAside(name: string): Promise<StorageAdapter | undefined> {
  if (typeof indexedDB === 'undefined') return undefined
  const record = await readActiveRecord(name)
  const mayHoldSome = record?.hasJournal ?? record?.generation !== undefined
  return mayHoldSome ? openSideStore('set-aside', name) : undefined
}
