import type { ActiveBackend } from './active-backend'
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
    const url = backend === 'flask' ? (options.url ?? flaskUrlOf(settings)) : options.url
    const problem = url === undefined ? undefined : serverUrlProblem(url)
    if (problem) throw new StorageError('INVALID_OPTION', `The address ${problem}.`, { backend })
    return move({ backend, ...(url !== undefined && { url }) }, options)
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
      return move(undefined, options)
    },
  }
}
