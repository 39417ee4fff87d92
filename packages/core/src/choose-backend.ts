import type { BackendChoice } from './configured-backend'
import type { BackendName } from './types'

export type ChoiceInput = {
  /** The recorded choice, which wins over everything else (rule D1). */
  recorded: BackendChoice | undefined
  /** What options, environment or the original system ask for. */
  configured: BackendChoice | undefined
  /** What this environment offers. */
  available: Environment
}
export type Environment = { indexedDB: boolean; browser: boolean }

/**
 * `server`: there is no browser, so nothing is kept. `one`: this backend or none, for it may hold data already, or was asked
 * for by name. `first-of`: the first that can be used here, else memory.
 */
export type Choice =
  { type: 'server' } | ({ type: 'one' } & BackendChoice) | { type: 'first-of'; backends: readonly BackendName[] }

/** Preferred on a server too, where the same code renders, but of no use there. */
const IN_BROWSERS: ReadonlySet<BackendName> = new Set(['indexeddb', 'sqlite', 'sparkkv', 'flask'])

/** Decides where data goes (rules D1 and D2). */
export function chooseBackend({ recorded, configured, available }: ChoiceInput): Choice {
  const wanted = recorded ?? configured
  const isServer = !available.indexedDB && !available.browser
  if (isServer && (wanted === undefined || IN_BROWSERS.has(wanted.backend))) return { type: 'server' }
  if (wanted) return { type: 'one', ...pickPlace(wanted) }
  return {
    type: 'first-of',
    backends: available.indexedDB ? ['indexeddb', 'sqlite', 'sparkkv'] : ['sqlite', 'sparkkv'],
  }
}

function pickPlace({ backend, url, generation }: BackendChoice): BackendChoice {
  return { backend, ...(url !== undefined && { url }), ...(generation !== undefined && { generation }) }
}

/** Looks at the environment, without touching it. */
export function detectEnvironment(): Environment {
  return {
    indexedDB: typeof indexedDB !== 'undefined' && indexedDB !== null,
    browser: typeof window !== 'undefined' || 'WorkerGlobalScope' in globalThis,
  }
}
