import { readActiveRecord, recordOutage } from './active-record'
import type { StorageAdapter } from './adapter'
import { type BackendRegistry, createRegistry, openSideStore } from './backends/registry'
import { loadPart } from './load-part'
import { offeredServer } from './configured-backend'
import { createMoving, type Holder, type Moving } from './moving'
import { type Opened, openBackend, openPlace, toOpenError, type Unopened } from './open-backend'
import type { Settings } from './options'
import type { StateStore } from './state'
import type { ChangeEvent, StandIn, StorageState } from './types'

export type ActiveBackend = {
  /** Opens the backend on first use. A failed open is not remembered: the next call tries again (rule D4). */
  open(): Promise<StorageAdapter>
  /** Where another stands in for the wanted backend: tries that again, and rejects with the reason when it still fails. */
  retry(): Promise<void>
  close(): Promise<void>
} & Omit<Moving, 'followRecord'>

export type Surroundings = {
  /** Others committed something. */
  onNews(events: ChangeEvent[]): void
  /** Runs a task between transactions. */
  takeTurn(task: () => Promise<void>): Promise<void>
  /** What waited for a backend was brought to it, and some of it may have been set aside. */
  onBrought(): void
  /** Another backend is active now, and every value may differ. */
  onReload(): void
}

/** Holds the one open adapter, and keeps the state in step with it. */
export function createActiveBackend(settings: Settings, state: StateStore, surroundings: Surroundings): ActiveBackend {
  const { onNews, takeTurn, onBrought, onReload } = surroundings
  const registry = createRegistry(settings.problem ? {} : settings.backends)
  const slot: Slot = { opening: undefined, current: undefined }
  const moving = createMoving(holdSlot(slot, { settings, registry, state, open, retry: () => retry(), use, leave }))
  let isClosed = false
  const retry = oneAtATime(async () => {
    if (state.get().standIn) await replaceStandIn()
  })

  function open(): Promise<StorageAdapter> {
    return (slot.opening ??= openChosen().catch((cause: unknown) => fail(slot, state, cause)))
  }

  async function openChosen(): Promise<StorageAdapter> {
    const found = await openBackend(settings, registry)
    const result = 'error' in found ? found : await bringWaiting(found, settings.name, onBrought)
    if (!('error' in result)) return use(result)
    const standIn = await openStandIn(settings.name, result, state, retry)
    if (!standIn) return openChosen()
    standIn.changes?.subscribe(onNews)
    return standIn
  }

  function use(opened: Opened): StorageAdapter {
    const { adapter } = opened
    slot.current = opened
    adapter.changes?.subscribe((events) => {
      onNews(events)
      followWhenTold(events, opened, slot, moving)
    })
    state.set(readyState(opened, settings))
    return adapter
  }

  async function replaceStandIn(): Promise<void> {
    const found = await openBackend(settings, registry)
    if ('error' in found) return keepStandIn(state, found)
    // Nothing is written between the replay and the change of place.
    await takeTurn(async () => {
      if (isClosed) return found.adapter.close()
      const result = await bringWaiting(found, settings.name, onBrought)
      if ('error' in result) return keepStandIn(state, result)
      const standIn = await slot.opening
      slot.opening = Promise.resolve(use(result))
      onReload()
      await standIn?.close()
    })
  }

  /** Everybody reads again; what is under way in the place before reads to its end. */
  function leave(source: StorageAdapter | undefined): void {
    onReload()
    if (source) takeTurn(() => source.close()).catch(() => undefined)
  }

  return {
    open,
    retry,
    ...moving,
    async close() {
      isClosed = true
      await closeSlot(slot)
    },
  }
}

/** What is open, or being opened; `current` says where it is, and is not there while another stands in. */
type Slot = { opening: Promise<StorageAdapter> | undefined; current: Opened | undefined }

function fail(slot: Slot, state: StateStore, cause: unknown): never {
  const error = toOpenError(cause)
  slot.opening = undefined
  state.set({ status: 'failed', backend: null, persistent: false, error })
  throw error
}

/** Who asks while it runs shares the run. */
function oneAtATime(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  const run = (): Promise<void> =>
    task()
      .catch((cause: unknown) => {
        throw toOpenError(cause)
      })
      .finally(() => (running = undefined))
  return () => (running ??= run())
}

/** What does not open needs no closing, and whoever asked for it was told. */
async function closeSlot({ opening }: Slot): Promise<void> {
  const adapter = await opening?.catch(() => undefined)
  await adapter?.close()
}

/** Nothing else tells an idle tab that the data is elsewhere. */
function followWhenTold(events: readonly ChangeEvent[], opened: Opened, slot: Slot, moving: Moving): void {
  if (slot.current === opened && events.some(({ type }) => type === 'reload')) moving.followRecord()
}

type Around = {
  settings: Settings
  registry: BackendRegistry
  state: StateStore
  open(): Promise<StorageAdapter>
  retry(): Promise<void>
  use(opened: Opened): StorageAdapter
  leave(source: StorageAdapter | undefined): void
}

function holdSlot(slot: Slot, { settings, registry, state, open, retry, use, leave }: Around): Holder {
  return {
    name: settings.name,
    current: () => slot.current,
    standIn: () => state.get().standIn,
    open: (place) => openPlace(place, registry, settings),
    start: open,
    retry,
    onProgress: (progress) => state.set({ ...state.get(), status: 'switching', progress }),
    onCancel: () => state.set({ ...state.get(), isCancelling: true }),
    onEnd: () => endSwitching(state),
    adopt({ place, adapter }, { previous }) {
      const source = slot.current?.adapter
      slot.opening = Promise.resolve(use({ ...place, adapter, ...(previous && { previous: previous.backend }) }))
      leave(source)
    },
    async follow() {
      const source = await slot.opening
      slot.opening = undefined
      await open()
      leave(source)
    },
  }
}

function readyState(opened: Opened, settings: Settings): StorageState {
  const { backend, url, adapter, previous } = opened
  const offeredUrl = offeredServer(settings, opened)
  return {
    status: 'ready',
    backend,
    persistent: adapter.persistent,
    ...(url !== undefined && { url }),
    ...(offeredUrl !== undefined && { offeredUrl }),
    ...(previous && { previous }),
  }
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

/** Progress may come to its end in a state that says more by now. */
function endSwitching(state: StateStore): void {
  const { progress: _over, isCancelling: _stopped, ...rest } = state.get()
  state.set({ ...rest, status: rest.status === 'switching' ? 'ready' : rest.status })
}

/** What replays and switches set aside; nothing is opened, or made, where none ever happened. */
export async function openSetAside(name: string): Promise<StorageAdapter | undefined> {
  if (typeof indexedDB === 'undefined') return undefined
  const record = await readActiveRecord(name)
  return record?.hasJournal || record?.hasSetAside ? openSideStore('set-aside', name) : undefined
}
