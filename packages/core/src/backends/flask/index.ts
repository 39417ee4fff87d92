import type { AdapterFactory } from '../../adapter'
import { createTabChannel } from '../tab-channel'
import { createFlaskAdapter } from './adapter'
import { watchRemoteChanges } from './remote-changes'
import { createServer } from './server'
import { openSpace } from './space'
import { createTransactionLog } from './transaction-log'

export type FlaskBackendOptions = {
  /** Longest time for one call once the storage is open, in milliseconds; long bodies get more. Default: 30,000. */
  timeoutMs?: number
}

/** Where the server listens when nobody says otherwise. */
const DEFAULT_URL = 'http://localhost:5001'

/**
 * Keeps data on the Flask server of `apps/backend`, in one space for each storage name. Opening takes 15 s at most, and rejects
 * with `NETWORK`, `TIMEOUT`, `UNAUTHORIZED`, `HTTP` when what answers is no such server, or `UNSUPPORTED` when it is of another
 * version. Calls reject with these too, and with `CONFLICT` once after the server was restored from a backup.
 */
export const flaskBackend: AdapterFactory = createFlaskBackend()

/** The same, with options. */
export function createFlaskBackend({ timeoutMs = 30_000 }: FlaskBackendOptions = {}): AdapterFactory {
  return async ({ name, url = DEFAULT_URL, getToken }) => {
    const server = createServer({ url, getToken, timeoutMs })
    const space = await openSpace(server, name)
    const log = createTransactionLog(space)
    const remote = watchRemoteChanges(space)
    space.onRestored(log.renew)
    space.onRestored(remote.reload)
    const tabs = createTabChannel(`unified-storage/flask/${url}/${name}`)
    const close = (): void => {
      remote.stop()
      tabs.close()
      server.close()
    }
    return createFlaskAdapter({ space, log, tabs, remote, close })
  }
}
