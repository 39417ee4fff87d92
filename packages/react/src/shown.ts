import type { StorageError } from '@unified-storage/core'
import { fitSchema } from './fit-schema'
import type { ItemSnapshot } from './item-state'
import type { StandardSchema } from './standard-schema'

/** What a component shows of a snapshot. */
export type Shown<Value> = {
  readonly value: Value
  readonly phase: ItemSnapshot['phase']
  readonly isSaving: boolean
  readonly sync: ItemSnapshot['sync']
  readonly error: StorageError | undefined
}

/** How one hook reads its key. */
export type Reading = {
  key: string
  /** In the place of an absent value. */
  defaultValue: unknown
  /** In the place of a value that is not known yet; `undefined` for none. */
  initialValue: unknown
  schema?: StandardSchema | undefined
  select?: ((value: never) => unknown) | undefined
}

/** Makes the function that says what is shown of a snapshot; it computes once for each. */
export function createReader<Value>(reading: Reading): (snapshot: ItemSnapshot) => Shown<Value> {
  const done = new WeakMap<ItemSnapshot, Shown<Value>>()
  const select = (reading.select ?? ((value: unknown) => value)) as (value: unknown) => Value
  return (snapshot) => {
    const shown = done.get(snapshot) ?? show(snapshot, reading, select)
    done.set(snapshot, shown)
    return shown
  }
}

function show<Value>(
  { value, phase, isSaving, sync, error }: ItemSnapshot,
  { key, defaultValue, initialValue, schema }: Reading,
  select: (value: unknown) => Value,
): Shown<Value> {
  if (value === undefined) {
    const instead = phase !== 'ready' && initialValue !== undefined ? initialValue : defaultValue
    return { value: select(instead), phase, isSaving, sync, error }
  }
  const fit = fitSchema(schema, value, key)
  if (fit.error) return { value: select(defaultValue), phase: 'error', isSaving, sync, error: fit.error }
  return { value: select(fit.value), phase, isSaving, sync, error }
}
