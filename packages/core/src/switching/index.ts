import { type ActiveRecord, changeRecord, type Place, readActiveRecord } from '../active-record'
import { keepOriginalChoice } from '../configured-backend'
import { StorageError } from '../errors'
import type { Holder } from '../moving'
import type { SwitchOptions, SwitchReport } from '../types'
import { placeOf, switchUnderWay } from './record'
import { recover, reopen, sendOn, tidy } from './recover'
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
  const record = await readActiveRecord(holder.name)
  const target = to ?? previousOf(record)
  if (holder.standIn()) return replaceUnreachable(holder, record, to)
  const from = openPlaceOf(holder)
  if (target.backend === from.place.backend && target.url === from.place.url) return report(from.place, target)
  // What an earlier switch left in the target has to be gone before.
  await tidy(holder)
  return move(holder, from, target, options)
}

async function move(holder: Holder, from: OpenPlace, to: Place, options: SwitchOptions): Promise<SwitchReport> {
  const { name } = holder
  const { onProgress } = options
  const result = await runSwitch({
    name,
    from,
    to: { backend: to.backend, ...(to.url !== undefined && { url: to.url }) },
    options,
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
  const target = to ?? previousOf(record)
  const adapter = await holder.open(target)
  await adapter.close()
  await changeRecord(holder.name, (held) => {
    if (held?.backend !== record.backend || held.generation !== record.generation) throw unreachable(record)
    const { isUnopened: _over, previous: _gone, backend: _backend, url: _url, generation, ...rest } = held
    return {
      ...rest,
      ...placeOf(target),
      lastGeneration: Math.max(held.lastGeneration ?? 0, generation ?? 0),
    }
  })
  if (!to) await reopen(holder.name, record, target)
  if (holder.name === 'default') keepOriginalChoice(target)
  await holder.retry()
  return report(record, target)
}

function report(from: Place, to: Place): SwitchReport {
  return { from: from.backend, to: to.backend, keys: 0, bytes: 0, conflicts: 0 }
}

function unreachable({ backend }: Place): StorageError {
  const message = `"${backend}" holds the data and cannot be opened, so nothing can be copied from it. Try again when it can, or undo the last switch.`
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
