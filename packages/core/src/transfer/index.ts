import type { StorageAdapter } from '../adapter'
import type { ImportOptions, ImportReport, ImportSource } from '../types'
import { applyImport, assertMode } from './apply-import'
import type { TransferContext } from './context'
import { checkFile } from './file/import-file'
import { checkData } from './import-data'
import { checkSource } from './sources/index'
import { undoLastImport } from './undo/undo-import'

export { exportAll } from './export-data'
export { collectFile } from './file/export-file'
export { findLastImport } from './undo/undo-import'

/** What is loaded with the first transfer. Data that is in memory keeps its place among the calls; a file is checked before. */
export async function importData(
  context: TransferContext,
  adapter: StorageAdapter,
  data: unknown,
  options: ImportOptions,
): Promise<ImportReport> {
  assertMode(options)
  return applyImport(context, adapter, checkData(data, options), options)
}

export async function importFile(
  context: TransferContext,
  file: unknown,
  options: ImportOptions,
): Promise<ImportReport> {
  assertMode(options)
  const checked = await checkFile(file, options)
  return context.exclusive((adapter) => applyImport(context, adapter, checked, options))
}

export async function importFrom(
  context: TransferContext,
  source: ImportSource,
  options: ImportOptions,
): Promise<ImportReport> {
  assertMode(options)
  const checked = await checkSource(source, options)
  return context.exclusive((adapter) => applyImport(context, adapter, checked, options))
}

export function undoImport(context: TransferContext, adapter: StorageAdapter): Promise<ImportReport> {
  return undoLastImport(context, adapter)
}
