import {
  type FoundSource,
  type ImportOptions,
  type ImportReport,
  isStorageError,
  type Progress,
} from '@unified-storage/core'
import { useStorage } from '@unified-storage/react'
import { useEffect, useRef, useState } from 'react'
import { useLastImport } from './last-import'

export type ImportMode = 'merge' | 'replace'
export type ImportProblem =
  | { kind: 'many-files' | 'no-entries' }
  | { kind: 'too-large'; size: number; limit: number }
  | { kind: 'rejected'; error: unknown }
/** Imports one thing, or tells what that would do. */
type Run = (options: ImportOptions) => Promise<ImportReport>

export type ImportPreview = {
  step: 'preview'
  name: string
  run: Run
  /** What each mode would do. */
  outcomes: Record<ImportMode, ImportReport>
  mode: ImportMode
  isImporting: boolean
  progress?: Progress
  notice?: { kind: 'changed-meanwhile' | 'cancelled' } | { kind: 'failed'; error: unknown }
}
export type ImportState =
  | { step: 'idle' }
  | { step: 'reading'; name: string; progress?: Progress }
  | { step: 'refused'; name: string; problem: ImportProblem }
  | ImportPreview

export type ImportHandle = {
  state: ImportState
  openFiles(files: readonly File[]): void
  openSource(found: FoundSource): void
  chooseMode(mode: ImportMode): void
  confirm(): void
  /** Stops what is under way; puts the preview away when nothing is. */
  cancel(): void
}

/** Decides how an import goes: read, preview, confirm. Until the last step nothing is written, and each can be cancelled. */
export function useImport(maxBytes: number): ImportHandle {
  const storage = useStorage()
  const { remember, forget } = useLastImport()
  const [state, setState] = useState<ImportState>({ step: 'idle' })
  // What was chosen later overtakes what is still being read.
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  function begin(): AbortController {
    running.current?.abort()
    return (running.current = new AbortController())
  }

  async function open(name: string, run: Run): Promise<void> {
    const controller = begin()
    const { signal } = controller
    forget()
    setState({ step: 'reading', name })
    const onProgress = (progress: Progress): void => setState({ step: 'reading', name, progress })
    const next = await prepare(name, (options) => run({ ...options, signal, onProgress }), run)
    if (running.current === controller) setState(next)
  }

  function openFiles(files: readonly File[]): void {
    const [file] = files
    if (!file) return
    const problem = problemOf(files, maxBytes)
    if (problem) {
      begin()
      return setState({ step: 'refused', name: file.name, problem })
    }
    void open(file.name, (options) => storage.importFile(file, options))
  }

  async function confirm(preview: ImportPreview): Promise<void> {
    const { signal } = begin()
    const busy = { ...withoutNotice(preview), isImporting: true }
    setState(busy)
    const onProgress = (progress: Progress): void => setState({ ...busy, progress })
    const end = await runImport(preview, { signal, onProgress })
    if ('report' in end) remember(preview.name, end.report)
    setState('report' in end ? { step: 'idle' } : end)
  }

  function cancel(): void {
    if (state.step === 'preview' && state.isImporting) return running.current?.abort()
    begin()
    setState({ step: 'idle' })
  }

  const preview = state.step === 'preview' && !state.isImporting ? state : undefined
  return {
    state,
    openFiles,
    openSource: ({ name, source }) => void open(name, (options) => storage.importFrom(source, options)),
    chooseMode: (mode) => preview && setState({ ...withoutNotice(preview), mode }),
    confirm: () => preview && void confirm(preview),
    cancel,
  }
}

function problemOf(files: readonly File[], limit: number): ImportProblem | undefined {
  const size = files[0]?.size ?? 0
  if (files.length > 1) return { kind: 'many-files' }
  return size > limit ? { kind: 'too-large', size, limit } : undefined
}

async function prepare(name: string, check: Run, run: Run): Promise<ImportState> {
  try {
    const outcomes = await foresee(check)
    if (isEmpty(outcomes.merge)) return { step: 'refused', name, problem: { kind: 'no-entries' } }
    return { step: 'preview', name, run, outcomes, mode: 'merge', isImporting: false }
  } catch (error) {
    return { step: 'refused', name, problem: { kind: 'rejected', error } }
  }
}

/** Replacing everything with nothing is never what an empty file is chosen for. */
function isEmpty({ added, changed, identical }: ImportReport): boolean {
  return added + changed + identical === 0
}

async function foresee(run: Run): Promise<Record<ImportMode, ImportReport>> {
  const merge = await run({ mode: 'merge', dryRun: true })
  return { merge, replace: await run({ mode: 'replace', dryRun: true }) }
}

type Started = { signal: AbortSignal; onProgress(progress: Progress): void }

/** What was confirmed is what is done: if the data has changed since the preview, the new numbers are shown first. */
async function runImport(preview: ImportPreview, started: Started): Promise<ImportPreview | { report: ImportReport }> {
  const { run, mode } = preview
  const still = withoutNotice(preview)
  try {
    const outcomes = await foresee((options) => run({ ...options, signal: started.signal }))
    if (!isSameReport(outcomes[mode], preview.outcomes[mode])) {
      return { ...still, outcomes, notice: { kind: 'changed-meanwhile' } }
    }
    return { report: await run({ mode, ...started }) }
  } catch (error) {
    const wasCancelled = isStorageError(error) && error.code === 'ABORTED'
    return { ...still, notice: wasCancelled ? { kind: 'cancelled' } : { kind: 'failed', error } }
  }
}

function isSameReport(a: ImportReport, b: ImportReport): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function withoutNotice({ notice: _, progress: _over, ...preview }: ImportPreview): ImportPreview {
  return preview
}
