import { fitSchema } from './fit-schema'
import type { ItemSnapshot } from './item-state'
import type { StandardSchema } from './standard-schema'

/** What a component shows of a snapshot; often the very snapshot. */
export type ShownParts = ItemSnapshot

/** How one hook reads its key. */
export type Reading = {
  /** In the place of a value that is not known yet; `undefined` for none. */
  initialValue: unknown
  schema: StandardSchema | undefined
  select: ((value: never) => unknown) | undefined
}

/** The default stands in the place of an absent value, and of one that does not fit the schema. */
export function show(
  snapshot: ItemSnapshot,
  { key, defaultValue }: { key: string; defaultValue: unknown },
  { initialValue, schema, select }: Reading,
): ShownParts {
  const { value, phase } = snapshot
  const selected = (whole: unknown): unknown => (select ? select(whole as never) : whole)
  if (value === undefined) {
    const instead = phase !== 'ready' && initialValue !== undefined ? initialValue : defaultValue
    return { ...snapshot, value: selected(instead) }
  }
  if (!schema && !select) return snapshot
  const fit = fitSchema(schema, value, key)
  if (fit.error) return { ...snapshot, value: selected(defaultValue), phase: 'error', error: fit.error }
  return { ...snapshot, value: selected(fit.value) }
}
