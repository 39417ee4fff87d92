import type { Operation } from './batching'
import { StorageError } from './errors'
import { assertKey } from './keys'
import { takeIn } from './prepared-values'
import type { HeldWrite } from './transaction-view'
import type { UpdateOptions } from './types'
import { checkValue } from './values'

const NOTHING: readonly string[] = []

/** Each operation checks its input when it is made, so bad input is refused before anything is queued. */

export function get(key: string): Operation<unknown> {
  assertKey(key)
  return { mode: 'readonly', reads: [key], run: (view) => view.get(key) }
}

export function has(key: string): Operation<boolean> {
  assertKey(key)
  return { mode: 'readonly', reads: [key], run: (view) => view.has(key) }
}

export function getMany(keys: readonly string[]): Operation<Map<string, unknown>> {
  const wanted = checkKeys(keys)
  return {
    mode: 'readonly',
    reads: wanted,
    run: (view) => new Map(wanted.filter((key) => view.has(key)).map((key) => [key, view.get(key)])),
  }
}

export function set(key: string, value: unknown): Operation<void> {
  assertKey(key)
  const checked = takeIn(value, key)
  return { mode: 'readwrite', reads: NOTHING, run: (view) => view.set(key, checked) }
}

export function setMany(entries: Iterable<readonly [string, unknown]>): Operation<void> {
  const writes = checkList(entries, 'entries').map((entry) => checkEntry(entry))
  return {
    mode: 'readwrite',
    reads: NOTHING,
    run: (view) => {
      for (const write of writes) view.put(write)
    },
  }
}

export function deleteMany(keys: readonly string[]): Operation<void> {
  const unwanted = checkKeys(keys)
  return {
    mode: 'readwrite',
    reads: NOTHING,
    run: (view) => {
      for (const key of unwanted) view.delete(key)
    },
  }
}

export function clear(): Operation<void> {
  return { mode: 'readwrite', reads: NOTHING, run: (view) => view.clear() }
}

/** What the updater returns is stored and handed on as it is, so that a hook can go on showing the very object it made. */
export function update<T>(
  key: string,
  updater: (current: T | undefined) => T,
  { onCommit }: UpdateOptions = {},
): Operation<T> {
  assertKey(key)
  if (typeof updater !== 'function') {
    throw new StorageError('INVALID_VALUE', `The updater of "${key}" is not a function. Use set() to store a value.`, {
      key,
    })
  }
  return {
    mode: 'readwrite',
    reads: [key],
    run(view) {
      const next = updater(view.get(key) as T | undefined)
      view.set(key, checkValue(next, key))
      if (onCommit) view.committed.add(onCommit)
      return next
    },
  }
}

function checkKeys(keys: readonly string[]): string[] {
  const list = checkList(keys, 'keys')
  list.forEach(assertKey)
  return [...new Set(list)]
}

function checkEntry(entry: readonly [string, unknown]): HeldWrite {
  if (!Array.isArray(entry)) throw new StorageError('INVALID_VALUE', 'Each entry must be a pair: [key, value].')
  const [key, given] = entry
  assertKey(key)
  const { value, bytes, isJson } = takeIn(given, key)
  return { type: 'set', key, value, bytes, isJson }
}

function checkList<Item>(items: Iterable<Item>, what: string): Item[] {
  try {
    if (typeof items === 'object' && items !== null) return [...items]
  } catch (cause) {
    throw new StorageError('INVALID_VALUE', `The ${what} could not be listed. Pass a list, or another iterable.`, {
      cause,
    })
  }
  throw new StorageError('INVALID_VALUE', `The ${what} must be a list or another iterable.`)
}
