import type { Batching, OnCommit } from './batching'
import { loadPart } from './load-part'
import type { TransferContext } from './transfer/context'
import { snapshot } from './transfer/snapshot'
import type { BackendName, SqlValue, UnifiedStorage } from './types'

type LoadedMethods = Pick<
  UnifiedStorage,
  | 'sql'
  | 'exportDatabase'
  | 'exportData'
  | 'importData'
  | 'exportFile'
  | 'importFile'
  | 'importFrom'
  | 'undoImport'
  | 'getLastImport'
  | 'getStats'
>

const loadSql = () => loadPart(() => import('./run-sql'))
const loadTransfer = () => loadPart(() => import('./transfer/index'))

/** The methods whose code is downloaded when they are first called: queued first and loaded then, they keep their place. */
export function loadedMethods(
  usable: () => Batching,
  announce: OnCommit,
  getBackend: () => BackendName | null,
  transfer: Omit<TransferContext, 'exclusive' | 'announce'>,
): LoadedMethods {
  const context: TransferContext = { ...transfer, announce, exclusive: (task) => usable().exclusive(task, 'readwrite') }
  return {
    async sql<Row>(statement: string, params: readonly SqlValue[] = []) {
      return usable().exclusive(
        async (adapter) => (await loadSql()).runSql(adapter, announce, statement, params),
        'readwrite',
      ) as Promise<Row[]>
    },
    async exportDatabase() {
      return usable().exclusive(async (adapter) => (await loadSql()).exportDatabase(adapter))
    },
    async exportData() {
      return usable().exclusive(async (adapter) => (await loadTransfer()).exportAll(adapter))
    },
    async importData(data, options) {
      const input = snapshot(data)
      const wanted = { ...options }
      return context.exclusive(async (adapter) => (await loadTransfer()).importData(context, adapter, input, wanted))
    },
    async exportFile(options) {
      const finish = await usable().exclusive(async (adapter) =>
        (await loadTransfer()).collectFile(adapter, context.name, { ...options }),
      )
      return finish()
    },
    async importFile(file, options) {
      usable()
      return (await loadTransfer()).importFile(context, file, { ...options })
    },
    async importFrom(source, options) {
      usable()
      return (await loadTransfer()).importFrom(context, source, { ...options })
    },
    async undoImport() {
      return context.exclusive(async (adapter) => (await loadTransfer()).undoImport(context, adapter))
    },
    async getLastImport() {
      return usable().exclusive(async (adapter) => (await loadTransfer()).findLastImport(context, adapter))
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
