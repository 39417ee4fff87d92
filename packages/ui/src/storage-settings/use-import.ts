import type { ImportOptions, ImportReport } from '@unified-storage/core'
import { useStorageBackend } from '@unified-storage/react'
import { useRef, useState } from 'react'
import { type FileProblem, type ImportData, readImportFile } from './read-import-file'

export type ImportMode = 'merge' | 'replace'
export type ImportProblem = FileProblem | { kind: 'rejected'; error: unknown }
export type ImportPreview = {
  step: 'preview'
  fileName: string
  data: ImportData
  /** What each mode would do. */
  outcomes: Record<ImportMode, ImportReport>
  mode: ImportMode
  isImporting: boolean
  notice?: { kind: 'changed-meanwhile' } | { kind: 'failed'; error: unknown }
}
export type ImportState =
  | { step: 'idle' }
  | { step: 'reading'; fileName: string }
  | { step: 'refused'; fileName: string; problem: ImportProblem }
  | ImportPreview
  | { step: 'done'; fileName: string; report: ImportReport }

export type ImportHandle = {
  state: ImportState
  open(files: readonly File[]): void
  chooseMode(mode: ImportMode): void
  confirm(): void
  cancel(): void
}

type ImportDataFunction = (data: ImportData, options?: ImportOptions) => Promise<ImportReport>

/** Decides how an import goes: read, preview, confirm. Until the last step nothing is written. */
export function useImport(maxBytes: number): ImportHandle {
  const { importData } = useStorageBackend()
  const [state, setState] = useState<ImportState>({ step: 'idle' })
  // A file that was chosen later overtakes one that is still being read.
  const generation = useRef(0)

  async function open(files: readonly File[]): Promise<void> {
    const [file] = files
    if (!file) return
    const current = ++generation.current
    setState({ step: 'reading', fileName: file.name })
    const next = files.length > 1 ? refuse(file, { kind: 'many-files' }) : await prepare(file, maxBytes, importData)
    if (generation.current === current) setState(next)
  }

  async function confirm(preview: ImportPreview): Promise<void> {
    setState({ ...withoutNotice(preview), isImporting: true })
    setState(await runImport(preview, importData))
  }

  const preview = state.step === 'preview' && !state.isImporting ? state : undefined
  return {
    state,
    open: (files) => void open(files),
    chooseMode: (mode) => preview && setState({ ...withoutNotice(preview), mode }),
    confirm: () => preview && void confirm(preview),
    cancel: () => preview && setState({ step: 'idle' }),
  }
}

async function prepare(file: File, maxBytes: number, importData: ImportDataFunction): Promise<ImportState> {
  const result = await readImportFile(file, maxBytes)
  if ('problem' in result) return refuse(file, result.problem)
  try {
    const outcomes = await foresee(result.data, importData)
    return { step: 'preview', fileName: file.name, data: result.data, outcomes, mode: 'merge', isImporting: false }
  } catch (error) {
    return refuse(file, { kind: 'rejected', error })
  }
}

function refuse(file: File, problem: ImportProblem): ImportState {
  return { step: 'refused', fileName: file.name, problem }
}

async function foresee(data: ImportData, importData: ImportDataFunction): Promise<Record<ImportMode, ImportReport>> {
  const [merge, replace] = await Promise.all([
    importData(data, { mode: 'merge', dryRun: true }),
    importData(data, { mode: 'replace', dryRun: true }),
  ])
  return { merge, replace }
}

/** What was confirmed is what is done: if the data has changed since the preview, the new numbers are shown first. */
async function runImport(preview: ImportPreview, importData: ImportDataFunction): Promise<ImportState> {
  const { data, fileName, mode } = preview
  try {
    const outcomes = await foresee(data, importData)
    if (!isSameReport(outcomes[mode], preview.outcomes[mode])) {
      return { ...preview, outcomes, notice: { kind: 'changed-meanwhile' } }
    }
    return { step: 'done', fileName, report: await importData(data, { mode }) }
  } catch (error) {
    return { ...preview, notice: { kind: 'failed', error } }
  }
}

function isSameReport(a: ImportReport, b: ImportReport): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function withoutNotice({ notice: _, ...preview }: ImportPreview): ImportPreview {
  return preview
}
