import { loadPart } from './load-part'
import type { FoundSources } from './types'

/**
 * Lists data of other libraries on this origin, for a person to choose from: nothing is changed, and nothing is taken. Some of
 * it may belong to another app on this origin. What cannot be looked into is listed too, as `unreadable`.
 */
export async function findImportSources(): Promise<FoundSources> {
  return (await loadPart(() => import('./transfer/sources/find'))).findSources()
}
