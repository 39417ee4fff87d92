import type { ActiveBackend } from './active-backend'
import type { Place } from './active-record'
import { flaskUrlOf } from './configured-backend'
import { StorageError } from './errors'
import { loadPart } from './load-part'
import type { Settings } from './options'
import { serverUrlProblem } from './server-url'
import type { BackendName, SwitchOptions, UnifiedStorage } from './types'

type SwitchMethods = Pick<
  UnifiedStorage,
  | 'checkBackend'
  | 'switchTo'
  | 'switchToFlask'
  | 'switchToIndexedDB'
  | 'switchToSQLite'
  | 'switchToSparkKV'
  | 'undoSwitch'
  | 'cancelSwitch'
>

/** The methods that move the data to another backend, and tell whether that is worth a try. */
export function switchMethods(
  usable: () => unknown,
  { switchTo: move, cancelSwitch }: Pick<ActiveBackend, 'switchTo' | 'cancelSwitch'>,
  settings: Settings,
): SwitchMethods {
  const switchTo: UnifiedStorage['switchTo'] = async (backend: BackendName, options = {}) => {
    usable()
    assertChoice(options)
    if (options.url !== undefined) assertAddress(backend, options.url)
    return move((held) => placeFor(backend, options.url, held, settings), options)
  }
  return {
    async checkBackend(backend) {
      usable()
      // What an app brought along, it knows to be there.
      if (Object.hasOwn(settings.backends, backend)) return undefined
      return (await loadPart(() => import('./backends/check'))).findObstacle(backend)
    },
    switchTo,
    switchToFlask: (url, options = {}) => switchTo('flask', { ...options, ...(url !== undefined && { url }) }),
    switchToIndexedDB: (options?: SwitchOptions) => switchTo('indexeddb', options),
    switchToSQLite: (options?: SwitchOptions) => switchTo('sqlite', options),
    switchToSparkKV: (options?: SwitchOptions) => switchTo('sparkkv', options),
    cancelSwitch,
    async undoSwitch(options = {}) {
      usable()
      assertChoice(options)
      return move(undefined, options)
    },
  }
}

/** Whoever names no server means the one that is active, whatever address the app is set up with. */
function placeFor(backend: BackendName, url: string | undefined, held: Place | undefined, settings: Settings): Place {
  const active = held?.backend === backend ? held.url : undefined
  const address = url ?? active ?? (backend === 'flask' ? flaskUrlOf(settings) : undefined)
  if (address === undefined) return { backend }
  assertAddress(backend, address)
  return { backend, url: address }
}

function assertAddress(backend: BackendName, url: string): void {
  const problem = serverUrlProblem(url)
  if (problem) throw new StorageError('INVALID_OPTION', `The address ${problem}.`, { backend })
}

function assertChoice({ onConflict }: SwitchOptions): void {
  if (onConflict === undefined || onConflict === 'keep-source' || onConflict === 'keep-target') return
  throw new StorageError(
    'INVALID_OPTION',
    'The option "onConflict" takes "keep-source" or "keep-target", or is left out.',
  )
}
