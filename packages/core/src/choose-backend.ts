import type { BackendName } from './types'

export type ChoiceInput = {
  prefer?: BackendName | undefined
  /** What this environment offers. */
  available: { indexedDB: boolean; browser: boolean }
}

/** `server`: there is no browser, so nothing is kept; `last-resort`: data lives in memory, and the state says so. */
export type Choice = { type: 'backend'; name: BackendName } | { type: 'last-resort' } | { type: 'server' }

/** Decides where data goes when nothing is recorded yet (rule D2). */
export function chooseBackend({ prefer, available }: ChoiceInput): Choice {
  if (prefer !== undefined) return { type: 'backend', name: prefer }
  if (available.indexedDB) return { type: 'backend', name: 'indexeddb' }
  return available.browser ? { type: 'last-resort' } : { type: 'server' }
}

/** Looks at the environment, without touching it. */
export function detectEnvironment(): ChoiceInput['available'] {
  return {
    indexedDB: typeof indexedDB !== 'undefined' && indexedDB !== null,
    browser: typeof window !== 'undefined' || 'WorkerGlobalScope' in globalThis,
  }
}
