import { compareKeys } from '../keys'
import type { ImportReport } from '../types'

/** What an import does to each key. */
export type ReportKeys = ImportReport['keys']

export function buildReport(keys: ReportKeys, identical: number): ImportReport {
  for (const list of Object.values(keys)) list.sort(compareKeys)
  return { added: keys.added.length, changed: keys.changed.length, identical, removed: keys.removed.length, keys }
}

export function noKeys(): ReportKeys {
  return { added: [], changed: [], removed: [] }
}
