import {
  type FoundSource,
  type ImportOptions,
  type ImportReport,
  isStorageError,
  type Progress,
  type UnifiedStorage,
} from '@unified-storage/core'

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
  /** Going on, though the page with its preview was left. */
  | { step: 'importing'; name: string; progress?: Progress }
  | { step: 'cancelled'; name: string }

/**
 * How an import goes on one storage: read, preview, confirm. Until the last step nothing is written, and each can be cancelled. It
 * belongs to no component: who leaves the page while something is imported finds it there when they come back.
 */
export class ImportMachine {
  readonly #storage: UnifiedStorage
  readonly #onImported: (name: string, report: ImportReport) => void
  readonly #listeners = new Set<() => void>()
  #state: ImportState = { step: 'idle' }
  // What was chosen later overtakes what is still being read.
  #running: AbortController | undefined

  constructor(storage: UnifiedStorage, onImported: (name: string, report: ImportReport) => void) {
    this.#storage = storage
    this.#onImported = onImported
  }

  readonly getState = (): ImportState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#leave()
    }
  }

  openFiles(files: readonly File[], maxBytes: number): void {
    const [file] = files
    if (!file || this.#isImporting()) return
    const problem = problemOf(files, maxBytes)
    if (problem) {
      this.#begin()
      return this.#set({ step: 'refused', name: file.name, problem })
    }
    void this.#open(file.name, (options) => this.#storage.importFile(file, options))
  }

  openSource({ name, source }: FoundSource): void {
    if (!this.#isImporting()) void this.#open(name, (options) => this.#storage.importFrom(source, options))
  }

  chooseMode(mode: ImportMode): void {
    const state = this.#state
    if (state.step === 'preview' && !state.isImporting) this.#set({ ...withoutNotice(state), mode })
  }

  confirm(): void {
    const state = this.#state
    if (state.step === 'preview' && !state.isImporting) void this.#import(withoutNotice(state))
  }

  /** Stops what is under way; puts the preview away when nothing is. */
  cancel(): void {
    if (this.#isImporting()) return this.#running?.abort()
    this.#begin()
    this.#set({ step: 'idle' })
  }

  async #open(name: string, run: Run): Promise<void> {
    const controller = this.#begin()
    this.#set({ step: 'reading', name })
    const onProgress = (progress: Progress): void => {
      if (this.#running === controller) this.#set({ step: 'reading', name, progress })
    }
    const next = await prepare(name, run, { signal: controller.signal, onProgress })
    if (this.#running === controller) this.#set(next)
  }

  /** What was confirmed is what is done: if the data has changed since the preview, the new numbers are shown first. */
  async #import(preview: ImportPreview): Promise<void> {
    const { name, run, mode, outcomes } = preview
    const { signal } = this.#begin()
    this.#set({ ...preview, isImporting: true })
    const onProgress = (progress: Progress): void => {
      if (this.#isImporting()) this.#set({ ...this.#state, progress } as ImportState)
    }
    try {
      this.#onImported(name, await run({ mode, expected: outcomes[mode], signal, onProgress }))
      this.#set({ step: 'idle' })
    } catch (error) {
      const next = await this.#afterFailure(preview, error, signal)
      this.#set(next)
    }
  }

  async #afterFailure(preview: ImportPreview, error: unknown, signal: AbortSignal): Promise<ImportState> {
    const { name, run } = preview
    const code = isStorageError(error) ? error.code : undefined
    const isShown = (): boolean => this.#state.step === 'preview'
    if (code === 'ABORTED') {
      return isShown() ? { ...preview, notice: { kind: 'cancelled' } } : { step: 'cancelled', name }
    }
    if (code === 'CONFLICT' && isShown()) {
      const next = await prepare(name, run, { signal })
      if (next.step === 'preview' && isShown()) {
        return { ...preview, outcomes: next.outcomes, notice: { kind: 'changed-meanwhile' } }
      }
    }
    return isShown()
      ? { ...preview, notice: { kind: 'failed', error } }
      : { step: 'refused', name, problem: { kind: 'rejected', error } }
  }

  /** Nobody looks any more. What is being imported goes on; what only was looked at is put away. */
  #leave(): void {
    const state = this.#state
    if (state.step === 'importing') return
    if (state.step === 'preview' && state.isImporting) {
      const { name, progress } = state
      return this.#set({ step: 'importing', name, ...(progress && { progress }) })
    }
    this.cancel()
  }

  #isImporting(): boolean {
    const state = this.#state
    return state.step === 'importing' || (state.step === 'preview' && state.isImporting)
  }

  #begin(): AbortController {
    this.#running?.abort()
    return (this.#running = new AbortController())
  }

  #set(state: ImportState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

function problemOf(files: readonly File[], limit: number): ImportProblem | undefined {
  const size = files[0]?.size ?? 0
  if (files.length > 1) return { kind: 'many-files' }
  return size > limit ? { kind: 'too-large', size, limit } : undefined
}

async function prepare(name: string, run: Run, options: ImportOptions): Promise<ImportState> {
  try {
    const outcomes = await foresee(run, options)
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

/** One look tells both: to replace is to merge, and to remove the rest. */
async function foresee(run: Run, options: ImportOptions): Promise<Record<ImportMode, ImportReport>> {
  const replace = await run({ ...options, mode: 'replace', dryRun: true })
  return { merge: { ...replace, removed: 0, keys: { ...replace.keys, removed: [] } }, replace }
}

function withoutNotice({ notice: _, progress: _over, ...preview }: ImportPreview): ImportPreview {
  return preview
}
