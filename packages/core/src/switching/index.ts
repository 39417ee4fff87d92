import { type ActiveRecord, changeRecord, type Place, readActiveRecord } from '../active-record'
import { keepOriginalChoice } from '../configured-backend'
import { StorageError } from '../errors'
import type { Holder } from '../moving'
import { isSameAddress } from '../server-url'
import type { SwitchOptions, SwitchReport } from '../types'
import { isThere } from './databases'
import { isSamePlace, listLeftOver, placeOf, switchUnderWay, takeGeneration } from './record'
import { recover, reopen, sendOn, tidy } from './recover'
import { undoDatabase } from './shared-undo'
import { type OpenPlace, runSwitch } from './switch-run'

export { recover, settleFence } from './recover'

/** Moves the data to another backend (rules S1 to S7); with no place, back to where it was before. */
export async function switchBackend(
  holder: Holder,
  to: Place | undefined,
  options: SwitchOptions,
): Promise<SwitchReport> {
  if (typeof indexedDB === 'undefined' || indexedDB === null) throw nowhereToRecord()
  await assertNoneRuns(holder)
  const record = await goWhereTheDataIs(holder)
  const target = to ?? previousOf(record)
  if (holder.standIn()) return replaceUnreachable(holder, record, to)
  const from = openPlaceOf(holder)
  if (isSameBackend(target, from.place)) return report(from.place, target)
  await tidy(holder)
  await assertTakenBack(holder.name, target)
  return move(holder, from, target, options)
}

/** A tab that was idle, or frozen, may not have heard of the last switch. */
async function goWhereTheDataIs(holder: Holder): Promise<ActiveRecord | undefined> {
  const record = await readActiveRecord(holder.name)
  const current = holder.current()
  if (!record || holder.standIn() || !current || current.backend === null) return record
  if (!isSamePlace(record, { ...current, backend: current.backend })) await holder.follow()
  return record
}

/** What an earlier switch left in a place that it shares with others has to be gone, or it would be taken back from under this one. */
async function assertTakenBack(name: string, target: Place): Promise<void> {
  const { leftOver = [] } = (await readActiveRecord(name)) ?? {}
  for (const place of leftOver.filter((left) => isSameBackend(left, target))) {
    if (await isThere(undoDatabase(name, place.generation))) throw notTakenBack(place)
  }
}

function isSameBackend(a: Place, b: Place): boolean {
  return a.backend === b.backend && isSameAddress(a.url, b.url)
}

async function move(holder: Holder, from: OpenPlace, to: Place, options: SwitchOptions): Promise<SwitchReport> {
  const { name } = holder
  const { onProgress } = options
  const { previous } = (await readActiveRecord(name)) ?? {}
  const result = await runSwitch({
    name,
    from,
    to: { backend: to.backend, ...(to.url !== undefined && { url: to.url }) },
    options,
    isReturn: previous !== undefined && isSameBackend(to, previous),
    open: holder.open,
    onProgress(progress) {
      holder.onProgress(progress)
      onProgress?.(progress)
    },
  }).catch(async (error: unknown) => {
    await tidy(holder).catch(() => undefined)
    throw error
  })
  // From here on it counts; what fails now is made up for at the next start.
  await sendOn(name, result.record).catch(() => undefined)
  if (name === 'default') keepOriginalChoice(result.to.place)
  from.adapter.changes?.publish([{ type: 'reload', origin: 'local' }])
  holder.adopt(result.to, result.record)
  await tidy(holder).catch(() => undefined)
  return result.report
}

async function assertNoneRuns(holder: Holder): Promise<void> {
  const record = await readActiveRecord(holder.name)
  if (!record?.switching) return
  await recover(holder, record)
  const { switching } = (await readActiveRecord(holder.name)) ?? {}
  if (switching) throw switchUnderWay(switching)
}

function openPlaceOf(holder: Holder): OpenPlace {
  const { backend, adapter, ...place } = holder.current() ?? { backend: null, adapter: undefined }
  if (backend === null || !adapter?.persistent) throw nothingToMove()
  return { place: placeOf({ backend, ...place }), adapter }
}

function previousOf(record: ActiveRecord | undefined): Place {
  if (record?.previous) return record.previous
  throw new StorageError('SWITCH_FAILED', 'There is no switch to undo: the data was never moved.')
}

/**
 * While another stands in for a backend that cannot be opened, what that one holds cannot be copied. A choice that never held
 * anything is given up for another; an undone switch goes back to the data that was kept. What waits is brought there.
 */
async function replaceUnreachable(
  holder: Holder,
  record: ActiveRecord | undefined,
  to: Place | undefined,
): Promise<SwitchReport> {
  if (!record) throw nothingToMove()
  if (to && !record.isUnopened) throw unreachable(record)
  // What was kept is opened as it is; what is chosen anew starts empty (rule S5).
  const target = to ? { ...placeOf(to), generation: await takeGeneration(holder.name) } : previousOf(record)
  try {
    const adapter = await holder.open(target)
    await adapter.close()
    await replaceRecord(holder.name, record, target)
  } catch (error) {
    if (to) await listLeftOver(holder.name, target).catch(() => undefined)
    throw error
  }
  if (!to) await reopen(holder.name, record, target)
  if (holder.name === 'default') keepOriginalChoice(target)
  await holder.retry()
  return report(record, target)
}

async function replaceRecord(name: string, record: ActiveRecord, target: Place): Promise<void> {
  await changeRecord(name, (held) => {
    if (held?.switching) throw switchUnderWay(held.switching)
    if (held?.backend !== record.backend || held.generation !== record.generation) throw unreachable(record)
    const { isUnopened: _over, previous: _gone, backend: _backend, url: _url, generation, ...rest } = held
    return { ...rest, ...placeOf(target), lastGeneration: Math.max(held.lastGeneration ?? 0, generation ?? 0) }
  })
}

function report(from: Place, to: Place): SwitchReport {
  return { from: from.backend, to: to.backend, keys: 0, bytes: 0, conflicts: 0 }
}

function unreachable({ backend }: Place): StorageError {
  const message = `"${backend}" holds the data and cannot be opened, so nothing can be copied from it. Try again when it can, or undo the last switch.`
  return new StorageError('UNAVAILABLE', message, { backend })
}

function notTakenBack({ backend }: Place): StorageError {
  const message = `An earlier switch to "${backend}" was broken off, and what it wrote there could not be removed yet. Try again in a moment.`
  return new StorageError('UNAVAILABLE', message, { backend })
}

function nowhereToRecord(): StorageError {
  const message = 'Moving the data needs IndexedDB, where the choice of a backend is recorded, and there is none here.'
  return new StorageError('UNSUPPORTED', message)
}

function nothingToMove(): StorageError {
  const message = 'Data that is kept in memory only cannot be moved. Export it, and import it where it is to be kept.'
  return new StorageError('UNSUPPORTED', message)
}
