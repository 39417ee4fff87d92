import { fitSchema } from './fit-schema'
import type { ItemSnapshot } from './item-state'
import type { StandardSchema } from './standard-schema'
import type { StorageStatus } from './storage-status'

/** What a component shows of a snapshot. */
export type ShownParts<Value> = Omit<ItemSnapshot, 'value'> & { readonly value: Value }
export type Shown<Value> = ShownParts<Value> & { readonly status: StorageStatus }

/** How one hook reads its key. */
export type Reading = {
  /** In the place of a value that is not known yet; `undefined` for none. */
  initialValue: unknown
  schema?: StandardSchema | undefined
  select?: ((value: never) => unknown) | undefined
}

/** The default stands in the place of an absent value, and of one that does not fit the schema. */
export function show<Value>(
  { value, phase, isSaving, sync, error }: ItemSnapshot,
  { key, defaultValue }: { key: string; defaultValue: unknown },
  { initialValue, schema, select }: Reading,
): ShownParts<Value> {
  const selected = (whole: unknown): Value => (select ? select(whole as never) : whole) as Value
  if (value === undefined) {
    const instead = phase !== 'ready' && initialValue !== undefined ? initialValue : defaultValue
    return { value: selected(instead), phase, isSaving, sync, error }
  }
  const fit = fitSchema(schema, value, key)
  if (fit.error) return { value: selected(defaultValue), phase: 'error', isSaving, sync, error: fit.error }
  return { value: selected(fit.value), phase, isSaving, sync, error }
}
