import { type ActiveRecord, changeRecord, type Place, type RunningSwitch } from '../active-record'
import { StorageError } from '../errors'
import { type LifeSign, lifeSigns, showLife } from '../life-sign'

/** A switch that gives no sign of life for this long is over, whatever its tab does afterwards. */
export const LEASE_MS = 15_000

/** Begins a switch away from `from`, in a generation that nobody has used; rejects while another one runs. */
export async function beginSwitch(name: string, id: string, from: Place, to: Place): Promise<Place> {
  const record = await changeRecord(name, (held) => {
    if (!held || !isSamePlace(held, from)) throw switchedElsewhere()
    if (held.switching) throw switchUnderWay(held.switching)
    const generation = newestOf(held) + 1
    const switching = { id, to: { ...placeOf(to), generation }, phase: 'copy', lease: Date.now() + LEASE_MS }
    return { ...held, lastGeneration: generation, switching }
  })
  if (!record.switching) throw endedByOthers()
  return record.switching.to
}

/** Says that the switch goes on; rejects when somebody took it for dead. */
export async function renewSwitch(name: string, id: string, phase: string): Promise<void> {
  await changeRecord(name, (held) => {
    const { record, switching } = assertRunning(held, id)
    return { ...record, switching: { ...switching, phase, lease: Date.now() + LEASE_MS } }
  })
}

/** The one moment at which the data moves. */
export async function commitSwitch(
  name: string,
  id: string,
  { hasClashes }: { hasClashes: boolean },
): Promise<ActiveRecord> {
  return changeRecord(name, (held) => {
    const { record, switching } = assertRunning(held, id)
    const { switching: _over, previous, backend: _backend, url: _url, generation: _generation, ...rest } = record
    return {
      ...rest,
      ...switching.to,
      ...(hasClashes && { hasSetAside: true }),
      previous: placeOf(record),
      settling: { id, ...(previous && { retire: previous.generation ?? 0 }) },
    }
  })
}

/** Ends a switch that was not committed; what it left is to be cleaned up. `over`: it was ended already, or committed. */
export async function cancelSwitch(name: string, id: string): Promise<'cancelled' | 'over'> {
  let fate: 'cancelled' | 'over' = 'over'
  await changeRecord(name, (held) => {
    fate = held?.switching?.id === id ? 'cancelled' : 'over'
    if (!held?.switching || fate === 'over') return held ?? nothingHeld()
    const { switching, ...record } = held
    return { ...record, leftOver: [...(record.leftOver ?? []), switching.to] }
  })
  return fate
}

/** A number that no place of this storage ever had, nor will. */
export async function takeGeneration(name: string): Promise<number> {
  const record = await changeRecord(name, (held) => ({
    ...(held ?? nothingHeld()),
    lastGeneration: newestOf(held) + 1,
  }))
  return newestOf(record)
}

function newestOf(record: ActiveRecord | undefined): number {
  return Math.max(record?.lastGeneration ?? 0, record?.generation ?? 0)
}

/** Others have ended a switch whose tab went on for a while: it may have written again where they had cleaned up. */
export async function listLeftOver(name: string, place: Place): Promise<void> {
  await changeRecord(name, (held) => {
    const record = held ?? nothingHeld()
    const { leftOver = [], previous, settling } = record
    const known = [record, previous, { generation: settling?.retire }, ...leftOver]
    if (known.some((there) => there?.generation === place.generation)) return record
    return { ...record, leftOver: [...leftOver, place] }
  })
}

export async function endSettling(name: string, id: string): Promise<void> {
  await changeRecord(name, (held) => {
    if (held?.settling?.id !== id) return held ?? nothingHeld()
    const { settling: _done, ...record } = held
    return record
  })
}

export async function forgetLeftOver(name: string, generation: number | undefined): Promise<void> {
  await changeRecord(name, (held) => {
    const { leftOver = [], ...record } = held ?? nothingHeld()
    const rest = leftOver.filter((place) => place.generation !== generation)
    return { ...record, ...(rest.length > 0 && { leftOver: rest }) }
  })
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.backend === b.backend && a.url === b.url && (a.generation ?? 0) === (b.generation ?? 0)
}

export function placeOf({ backend, url, generation }: Place): Place {
  return { backend, ...(url !== undefined && { url }), ...(generation !== undefined && { generation }) }
}

/** Shown by the tab that switches; where it cannot be, the lease alone says whether the switch is alive. */
export function showSwitch(id: string): Promise<LifeSign> {
  return showLife(signOf(id))
}

function signOf(id: string): string {
  return `unified-storage-switch/${id}`
}

/** Clocks and locks decide when a switch is given up, never whether it counts: its commit looks for itself in the record. */
export async function isOver({ id, lease }: RunningSwitch): Promise<boolean> {
  const left = lease - Date.now()
  if (left < 0 || left > LEASE_MS) return true
  const signs = await lifeSigns()
  return signs !== undefined && !signs.has(signOf(id))
}

function assertRunning(held: ActiveRecord | undefined, id: string) {
  if (held?.switching?.id !== id) throw endedByOthers()
  return { record: held, switching: held.switching }
}

function nothingHeld(): never {
  throw new StorageError('SWITCH_FAILED', 'The record of the active backend is gone. Reload the page.')
}

export function endedByOthers(): StorageError {
  return new StorageError('SWITCH_FAILED', 'Another tab took this switch for dead and ended it. Try again.')
}

export function switchUnderWay({ to }: RunningSwitch): StorageError {
  const message = `A switch to "${to.backend}" is under way in this or another tab. Try again when it is over.`
  return new StorageError('SWITCH_FAILED', message, { backend: to.backend })
}

function switchedElsewhere(): StorageError {
  return new StorageError(
    'SWITCH_FAILED',
    'Another tab has switched meanwhile. Look where the data is now, and try again.',
  )
}
