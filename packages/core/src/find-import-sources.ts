import { loadPart } from './load-part'
import type { FoundSource } from './types'

/**
 * Lists data of other libraries on this origin, for a person to choose from: nothing is changed, and nothing is taken. Some of
 * it may belong to another app on this origin.
 */
export async function findImportSources(): Promise<FoundSource[]> {
  return (await loadPart(() => import('./transfer/sources/find'))).findSources()
}
