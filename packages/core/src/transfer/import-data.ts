import type { ImportOptions } from '../types'
import { checkJsonEntry } from './check-entry'
import type { CheckedImport } from './file/import-file'
import { assertWanted, invalidData } from './invalid-data'
import { isPlainObject } from './snapshot'

/** Checks data that is in memory; it is one piece, because its caller holds it anyway. */
export function checkData(data: unknown, { signal }: ImportOptions): CheckedImport {
  assertWanted(signal, 'import')
  if (!isPlainObject(data)) {
    throw invalidData('An import must be a plain object of keys and values. Pass what exportData() gave.')
  }
  const entries = Object.entries(data).map(([key, value]) => checkJsonEntry(key, value, 'The import'))
  return {
    keys: new Set(entries.map(({ key }) => key)),
    async *batches() {
      if (entries.length > 0) yield entries
    },
  }
}
