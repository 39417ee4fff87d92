import type { Batching, OnCommit } from './batching'
import { loadPart } from './load-part'
import { snapshot } from './transfer/snapshot'
import type { BackendName, SqlValue, UnifiedStorage } from './types'

type LoadedMethods = Pick<UnifiedStorage, 'sql' | 'exportData' | 'importData' | 'getStats'>

/** The methods whose code is downloaded when they are first called: queued first and loaded then, they keep their place. */
export function loadedMethods(
  usable: () => Batching,
  announce: OnCommit,
  getBackend: () => BackendName | null,
): LoadedMethods {
  return {
    async sql<Row>(statement: string, params: readonly SqlValue[] = []) {
      return usable().exclusive(async (adapter) => {
        const { runSql } = await loadPart(() => import('./run-sql'))
        return runSql(adapter, announce, statement, params)
      }) as Promise<Row[]>
    },
    async exportData() {
      return usable().exclusive(async (adapter) => {
        const { exportAll } = await loadPart(() => import('./transfer/export-data'))
        return exportAll(adapter)
      })
    },
    async importData(data, options) {
      const input = snapshot(data)
      const wanted = { ...options }
      return usable().transactLoaded(async () => {
        const { importOperation } = await loadPart(() => import('./transfer/import-data'))
        return importOperation(input, wanted)
      })
    },
    async getStats() {
      const summarizeSizes = await usable().exclusive(async (adapter) => {
        const { readSizes, summarize } = await loadPart(() => import('./stats'))
        const sizes = await readSizes(adapter)
        return () => summarize(sizes, getBackend())
      })
      return summarizeSizes()
    },
  }
}
