import type { AdapterFactory } from './adapter'
import { StorageError } from './errors'
import { serverUrlProblem } from './server-url'
import type { BackendName, Durability, GetToken } from './types'

export type UnifiedStorageOptions = {
  /** Keeps several apps on one origin apart; instances with one name are one storage. Default: `default`. */
  name?: string
  /** Backends to add, or to put in the place of the kit's own, by name. */
  backends?: Readonly<Record<string, AdapterFactory>>
  /** The backend to start with when none was chosen before. */
  prefer?: BackendName
  /** Where a Flask server is, for a storage that no backend was chosen for before. */
  flaskUrl?: string
  /** Gives the token of the user for the Flask server, before each request. */
  getToken?: GetToken
  /** How hard a commit is pushed to the disk. Default: `relaxed`. */
  durability?: Durability
}

const MAX_NAME_LENGTH = 200

/** The options with their defaults, checked; `problem` is what every call rejects with, because nothing may throw. */
export type Settings = {
  name: string
  backends: Readonly<Record<string, AdapterFactory>>
  prefer: BackendName | undefined
  flaskUrl: string | undefined
  getToken: GetToken | undefined
  durability: Durability
  problem: StorageError | undefined
}

export function resolveOptions(options: UnifiedStorageOptions): Settings {
  const isObject = typeof options === 'object' && options !== null
  const {
    name = 'default',
    backends = {},
    prefer,
    flaskUrl,
    getToken,
    durability = 'relaxed',
  } = isObject ? options : {}
  const problem = isObject
    ? findProblem({ name, backends, prefer, flaskUrl, getToken, durability })
    : 'The options must be an object, or left out.'
  return {
    name,
    backends,
    prefer,
    flaskUrl,
    getToken,
    durability,
    problem: problem ? new StorageError('INVALID_OPTION', problem) : undefined,
  }
}

function findProblem(options: Record<string, unknown>): string | undefined {
  const { name, backends, prefer, flaskUrl, getToken, durability } = options
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) {
    return `The option "name" must be a string of 1 to ${MAX_NAME_LENGTH} characters. Give it one, or leave it out for "default".`
  }
  if (typeof backends !== 'object' || backends === null) {
    return 'The option "backends" must be an object of adapter factories by name.'
  }
  if (prefer !== undefined && typeof prefer !== 'string') {
    return 'The option "prefer" must be the name of a backend, such as "indexeddb".'
  }
  const serverProblem = findServerProblem(flaskUrl, getToken)
  if (serverProblem) return serverProblem
  if (durability !== 'relaxed' && durability !== 'strict') {
    return 'The option "durability" must be "relaxed" or "strict".'
  }
  return undefined
}

function findServerProblem(flaskUrl: unknown, getToken: unknown): string | undefined {
  const urlProblem = flaskUrl === undefined ? undefined : serverUrlProblem(flaskUrl)
  if (urlProblem) return `The option "flaskUrl" ${urlProblem}.`
  if (getToken === undefined || typeof getToken === 'function') return undefined
  return 'The option "getToken" must be a function that gives a token, or a promise of one.'
}
