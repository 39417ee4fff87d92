import { fitSchema } from './fit-schema'
import type { ItemSnapshot } from './item-state'
import type { StandardSchema } from './standard-schema'

/** What a component shows of a snapshot; often the very snapshot. */
export type ShownParts = ItemSnapshot

/** How one hook reads its key. */
export type Reading = {
  /** In the place of a value that is not known yet; `undefined` for none. */
  readonly initialValue: unknown
  readonly schema: StandardSchema | undefined
  readonly select: ((value: never) => unknown) | undefined
}

/** The default stands in the place of an absent value, and of one that does not fit the schema. */
export function show(
  snapshot: ItemSnapshot,
  { key, defaultValue }: { key: string; defaultValue: unknown },
  { initialValue, schema, select }: Reading,
): ShownParts {
  const { value, isKnown } = snapshot
  if (value !== undefined && !schema && !select) return snapshot
  const selected = (whole: unknown): unknown => (select ? select(whole as never) : whole)
  if (value === undefined) return { ...snapshot, value: selected(valueInstead(isKnown, initialValue, defaultValue)) }
  const fit = fitSchema(schema, value, key)
  if (fit.error) return { ...snapshot, value: selected(defaultValue), phase: 'error', error: fit.error }
  return { ...snapshot, value: selected(fit.value) }
}

/** What stands in the place of a value that is absent, or not known. */
export function valueInstead(isKnown: boolean, initialValue: unknown, defaultValue: unknown): unknown {
  return isKnown || initialValue === undefined ? defaultValue : initialValue
}
