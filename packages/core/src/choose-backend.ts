import type { BackendName } from './types'

export type ChoiceInput = {
  prefer?: BackendName | undefined
  /** What this environment offers. */
  available: { indexedDB: boolean; browser: boolean }
}

/** `server`: there is no browser, so nothing is kept; `last-resort`: data lives in memory, and the state says so. */
export type Choice = { type: 'backend'; name: BackendName } | { type: 'last-resort' } | { type: 'server' }

/** Preferred on a server too, where the same code renders, but of no use there. */
const IN_BROWSERS: ReadonlySet<BackendName> = new Set(['indexeddb', 'sqlite', 'sparkkv', 'flask'])

/** Decides where data goes when nothing is recorded yet (rule D2). */
export function chooseBackend({ prefer, available }: ChoiceInput): Choice {
  const isServer = !available.indexedDB && !available.browser
  if (isServer && (prefer === undefined || IN_BROWSERS.has(prefer))) return { type: 'server' }
  if (prefer !== undefined) return { type: 'backend', name: prefer }
  if (available.indexedDB) return { type: 'backend', name: 'indexeddb' }
  return { type: 'last-resort' }
}

/** Looks at the environment, without touching it. */
export function detectEnvironment(): ChoiceInput['available'] {
  return {
    indexedDB: typeof indexedDB !== 'undefined' && indexedDB !== null,
    browser: typeof window !== 'undefined' || 'WorkerGlobalScope' in globalThis,
  }
}
