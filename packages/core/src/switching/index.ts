import { type ActiveRecord, type Place, readActiveRecord } from '../active-record'
import type { StorageAdapter } from '../adapter'
import { StorageError } from '../errors'
import type { Progress, SwitchOptions, SwitchReport } from '../types'
import { placeOf, switchUnderWay } from './record'
import { recover, sendOn, tidy } from './recover'
import { type OpenPlace, runSwitch } from './switch-run'

export { recover, settleFence } from './recover'

/** What a switch needs of whoever holds the open backend. */
export type Holder = {
  name: string
  current(): OpenPlace
  open(place: Place): Promise<StorageAdapter>
  onProgress(progress: Progress): void
  /** The data is there now; the source is closed when nothing of this instance is under way in it any more. */
  adopt(to: OpenPlace, record: ActiveRecord): void
}

/** Moves the data to another backend (rules S1 to S7). */
export async function switchBackend(holder: Holder, to: Place, options: SwitchOptions): Promise<SwitchReport> {
  const { name, open } = holder
  const recovery = { name, open }
  const record = await readActiveRecord(name)
  if (record?.switching) {
    await recover(recovery, record)
    const { switching } = (await readActiveRecord(name)) ?? {}
    if (switching) throw switchUnderWay(switching)
  }
  // What an earlier switch left in the target has to be gone before.
  await tidy(recovery)
  const from = holder.current()
  const task = { name, from, to, options, open, onProgress: holder.onProgress }
  const result = await runSwitch(task).catch(async (error: unknown) => {
    await tidy(recovery).catch(() => undefined)
    throw error
  })
  // From here on it counts; what fails now is made up for at the next start.
  await sendOn(name, result.record).catch(() => undefined)
  from.adapter.changes?.publish([{ type: 'reload', origin: 'local' }])
  holder.adopt(result.to, result.record)
  await tidy(recovery).catch(() => undefined)
  return result.report
}

/** Where the data was before the last switch. */
export async function previousPlace(name: string): Promise<Place> {
  const record = await readActiveRecord(name)
  if (record?.previous) return placeOf(record.previous)
  throw new StorageError('SWITCH_FAILED', 'There is no switch to undo: the data was never moved.')
}
