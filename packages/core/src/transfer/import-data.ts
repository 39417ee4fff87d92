import type { Operation } from '../batching'
import { decodeValue } from '../codec/decode'
import type { JsonValue } from '../codec/encode'
import { StorageError } from '../errors'
import { compareKeys, keyProblem } from '../keys'
import type { TransactionView } from '../transaction-view'
import type { ImportOptions, ImportReport } from '../types'
import { isSameValue } from '../value-difference'
import { type CheckedValue, checkValue, copyChecked } from '../values'
import { isPlainObject } from './snapshot'

type CheckedEntry = { key: string; checked: CheckedValue }

/** Checks the whole import, and makes the operation that compares and applies it in one transaction (rule T3). */
export function importOperation(data: unknown, options: ImportOptions): Operation<ImportReport> {
  const { mode = 'merge', dryRun = false } = options
  assertMode(mode)
  const entries = checkData(data)
  return {
    mode: dryRun ? 'readonly' : 'readwrite',
    reads: mode === 'replace' ? 'all' : entries.map(({ key }) => key),
    run(view) {
      const report = compare(view, entries, mode === 'replace' ? view.keys() : [])
      if (!dryRun) apply(view, entries, mode)
      return report
    },
  }
}

function assertMode(mode: unknown): void {
  if (mode === 'merge' || mode === 'replace') return
  throw new StorageError('INVALID_OPTION', 'The option "mode" must be "merge" or "replace".')
}

function checkData(data: unknown): CheckedEntry[] {
  if (!isPlainObject(data)) {
    throw new StorageError(
      'INVALID_DATA',
      'An import must be a plain object of keys and values. Pass what exportData() gave.',
    )
  }
  return Object.entries(data).map(([key, value]) => checkEntry(key, value))
}

function checkEntry(key: string, value: unknown): CheckedEntry {
  const problem = keyProblem(key)
  if (problem)
    throw new StorageError('INVALID_DATA', `The key ${JSON.stringify(key)} of the import ${problem}.`, { key })
  try {
    return { key, checked: copyChecked(checkValue(decodeValue(value as JsonValue), key)) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StorageError('INVALID_DATA', `The import cannot be stored: ${reason}`, { key, cause })
  }
}

function compare(view: TransactionView, entries: readonly CheckedEntry[], oldKeys: readonly string[]): ImportReport {
  const imported = new Set(entries.map(({ key }) => key))
  const removed = oldKeys.filter((key) => !imported.has(key))
  const added = entries.filter(({ key }) => !view.has(key)).map(({ key }) => key)
  const present = entries.filter(({ key }) => view.has(key))
  const changed = present.filter(({ key, checked }) => !isSameValue(view.get(key), checked.value)).map(({ key }) => key)
  for (const keys of [added, changed, removed]) keys.sort(compareKeys)
  return {
    added: added.length,
    changed: changed.length,
    identical: present.length - changed.length,
    removed: removed.length,
    keys: { added, changed, removed },
  }
}

function apply(view: TransactionView, entries: readonly CheckedEntry[], mode: 'merge' | 'replace'): void {
  if (mode === 'replace') view.clear()
  for (const { key, checked } of entries) view.set(key, checked)
}
