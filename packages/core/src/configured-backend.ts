import type { Place } from './active-record'
import type { Settings } from './options'
import type { BackendName } from './types'

/** A backend, and for a server where it is. */
export type BackendChoice = Place

/** Where the Flask server listens when nobody says otherwise. */
const DEFAULT_FLASK_URL = 'http://localhost:5001'

/**
 * What is asked for where nothing is recorded (rule D2): by options, then by the environment, then by what the original system
 * was told. It had one storage, so these last two are the default storage's.
 */
export function readConfigured(settings: Settings): BackendChoice | undefined {
  const { name, prefer, flaskUrl } = settings
  if (prefer === 'flask') return { backend: 'flask', url: flaskUrlOf(settings) }
  if (prefer !== undefined) return { backend: prefer }
  const url = flaskUrl ?? (name === 'default' ? readEnvironment() : undefined)
  if (url) return { backend: 'flask', url }
  return name === 'default' ? readOriginalChoice() : undefined
}

/** Where Flask is when nobody says where. */
export function flaskUrlOf({ name, flaskUrl }: Settings): string {
  return flaskUrl ?? ((name === 'default' && (readEnvironment() ?? readOriginalUrl())) || DEFAULT_FLASK_URL)
}

/** Where a Flask server is that is asked for, and that is not where the data is: for a person to decide about (rule D2). */
export function offeredServer(
  settings: Settings,
  held: { backend: BackendName | null; url?: string },
): string | undefined {
  const wanted = readConfigured(settings)
  if (wanted?.backend !== 'flask' || (held.backend === 'flask' && held.url === wanted.url)) return undefined
  return wanted.url
}

/** Bundlers that know no such variables leave `env` undefined. */
function readEnvironment(): string | undefined {
  // Written out in full: bundlers look for these very words.
  const url: unknown = import.meta.env?.VITE_FLASK_BACKEND_URL
  return typeof url === 'string' && url !== '' ? url : undefined
}

/** The names under which the original system kept its choice. */
const PREFER_FLASK = 'codeforge-prefer-flask'
const FLASK_URL = 'codeforge-flask-url'
const PREFER_SQLITE = 'codeforge-prefer-sqlite'

function readOriginalUrl(): string | null {
  try {
    return localStorage.getItem(FLASK_URL)
  } catch {
    return null
  }
}

export function readOriginalChoice(): BackendChoice | undefined {
  try {
    const url = localStorage.getItem(FLASK_URL) ?? DEFAULT_FLASK_URL
    if (localStorage.getItem(PREFER_FLASK) === 'true') return { backend: 'flask', url }
    return localStorage.getItem(PREFER_SQLITE) === 'true' ? { backend: 'sqlite' } : undefined
  } catch {
    // No localStorage, or none that this page may read: the original system could not have written there either.
    return undefined
  }
}

/** Tells the original system's code of a choice made here. Its names are hints, so that failing to write them harms nothing. */
export function keepOriginalChoice({ backend, url }: BackendChoice): void {
  const names = [
    [PREFER_FLASK, backend === 'flask' ? 'true' : undefined],
    [PREFER_SQLITE, backend === 'sqlite' ? 'true' : undefined],
    ...(url === undefined ? [] : [[FLASK_URL, url] as const]),
  ] as const
  try {
    for (const [name, value] of names) {
      if (value === undefined) localStorage.removeItem(name)
      else localStorage.setItem(name, value)
    }
  } catch {
    // The record in IndexedDB is what counts.
  }
}
