import type { BackendName } from './types'

export type ChoiceInput = {
  /** The recorded choice, which wins over everything else (rule D1). */
  recorded: BackendName | undefined
  prefer: BackendName | undefined
  /** What the original system was told to use. */
  legacy: BackendName | undefined
  /** What this environment offers. */
  available: Environment
}
export type Environment = { indexedDB: boolean; browser: boolean }

/**
 * `server`: there is no browser, so nothing is kept. `one`: this backend or none, for it may hold data already, or was asked
 * for by name. `first-of`: the first that can be used here, else memory.
 */
export type Choice =
  { type: 'server' } | { type: 'one'; backend: BackendName } | { type: 'first-of'; backends: readonly BackendName[] }

/** Preferred on a server too, where the same code renders, but of no use there. */
const IN_BROWSERS: ReadonlySet<BackendName> = new Set(['indexeddb', 'sqlite', 'sparkkv', 'flask'])

/** Decides where data goes (rules D1 and D2). */
export function chooseBackend({ recorded, prefer, legacy, available }: ChoiceInput): Choice {
  const wanted = recorded ?? prefer ?? legacy
  const isServer = !available.indexedDB && !available.browser
  if (isServer && (wanted === undefined || IN_BROWSERS.has(wanted))) return { type: 'server' }
  if (wanted !== undefined) return { type: 'one', backend: wanted }
  return {
    type: 'first-of',
    backends: available.indexedDB ? ['indexeddb', 'sqlite', 'sparkkv'] : ['sqlite', 'sparkkv'],
  }
}

/** Looks at the environment, without touching it. */
export function detectEnvironment(): Environment {
  return {
    indexedDB: typeof indexedDB !== 'undefined' && indexedDB !== null,
    browser: typeof window !== 'undefined' || 'WorkerGlobalScope' in globalThis,
  }
}

/** The original system kept its choice under these names, for the one storage that it had. */
export function readLegacyChoice(storageName: string): BackendName | undefined {
  if (storageName !== 'default') return undefined
  try {
    return localStorage.getItem('codeforge-prefer-sqlite') === 'true' ? 'sqlite' : undefined
  } catch {
    // No localStorage, or none that this page may read: the original system could not have written there either.
    return undefined
  }
}
