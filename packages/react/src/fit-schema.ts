import { StorageError } from '@unified-storage/core'
import type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema'

/** What a schema makes of a value, or why it does not fit. */
export type Fit = { readonly value: unknown; readonly error?: undefined } | { readonly error: StorageError }

const known = new WeakMap<StandardSchema, WeakMap<object, Fit>>()

/** For stored values, which are shared and read-only: each is validated once, however many components show it. */
export function fitSchema(schema: StandardSchema | undefined, value: unknown, key: string): Fit {
  if (!schema) return { value }
  if (typeof value !== 'object' || value === null) return validate(schema, value, key)
  const fits = known.get(schema) ?? new WeakMap<object, Fit>()
  known.set(schema, fits)
  const fit = fits.get(value) ?? validate(schema, value, key)
  fits.set(value, fit)
  return fit
}

/** For a new value, which is its maker's: the same object may have changed since it was validated last. */
export function fitNewValue(schema: StandardSchema | undefined, value: unknown, key: string): Fit {
  return schema ? validate(schema, value, key) : { value }
}

/** Throws the `StorageError` of a value that does not fit. */
export function assertFit(fit: Fit): unknown {
  if (fit.error) throw fit.error
  return fit.value
}

function validate(schema: StandardSchema, value: unknown, key: string): Fit {
  let result: SchemaResult<unknown> | Promise<SchemaResult<unknown>>
  try {
    result = schema['~standard'].validate(value)
  } catch (cause) {
    const message = `The schema of "${key}" failed on a value. Mend the schema, or store a value that it can check.`
    return { error: new StorageError('INVALID_VALUE', message, { key, cause }) }
  }
  if (result instanceof Promise) {
    // Its answer comes too late for a render, and for a transaction.
    result.catch(() => undefined)
    const message = `The schema of "${key}" answers with a promise. Use a schema without asynchronous checks.`
    return { error: new StorageError('INVALID_OPTION', message, { key }) }
  }
  return result.issues ? { error: misfit(result.issues, key) } : { value: result.value }
}

function misfit(issues: readonly SchemaIssue[], key: string): StorageError {
  const [first, ...others] = issues
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  const message = `${formatPath(first, key)} does not fit its schema: ${first?.message}${more}. Store a value that fits.`
  return new StorageError('INVALID_VALUE', message, { key, cause: issues })
}

/** Writes a path as a program would: `todos[3].owner`. */
function formatPath(issue: SchemaIssue | undefined, key: string): string {
  return (issue?.path ?? []).reduce<string>((text, part) => {
    const step = typeof part === 'object' ? part.key : part
    return typeof step === 'number' ? `${text}[${step}]` : `${text}.${String(step)}`
  }, key)
}
