import type { StorageAdapter } from './adapter'
import { StorageError } from './errors'
import { Listeners } from './listeners'
import { loadPart } from './load-part'
import type { SetAsideWrite } from './stand-in/set-aside'
import type { StorageSync, SyncState, UnifiedStorage } from './types'

const NOTHING_TO_SYNC: SyncState = { state: 'none', pending: 0 }

type Writer = Pick<UnifiedStorage, 'get' | 'set' | 'setMany' | 'delete' | 'has'>

type Surroundings = {
  /** Opens what was set aside; `undefined` when nothing ever was. */
  openSetAside(): Promise<StorageAdapter | undefined>
  /** Throws for a storage that is closed or misconfigured. */
  usable(): unknown
  retry(): Promise<void>
  writer: Writer
}

/** The writes that need a person's decision, and the means to decide. No backend of this version sends writes to a server. */
export function createSync({ openSetAside, usable, retry, writer }: Surroundings): StorageSync & { notify(): void } {
  const listeners = new Listeners<[]>()

  /** Runs `use` on what was set aside, which is open for this long only. */
  async function withSetAside<Result>(use: (store: StorageAdapter) => Promise<Result>, none: Result): Promise<Result> {
    usable()
    const store = await openSetAside()
    if (!store) return none
    try {
      return await use(store)
    } finally {
      await store.close()
    }
  }

  async function list(): Promise<SetAsideWrite[]> {
    const { listSetAside } = await loadPart(() => import('./stand-in/set-aside'))
    return withSetAside(listSetAside, [])
  }

  /** Does what was decided first: a crash in between leaves the question open, and not the answer out. */
  async function decide<Type extends SetAsideWrite['type'], Result>(
    type: Type,
    id: string,
    act: (write: Extract<SetAsideWrite, { type: Type }>) => Promise<Result>,
  ): Promise<Result> {
    const write = (await list()).find(
      (candidate): candidate is Extract<SetAsideWrite, { type: Type }> =>
        candidate.id === id && candidate.type === type,
    )
    if (!write) throw nothingSetAside(type, id)
    const result = await act(write)
    const { takeBack } = await loadPart(() => import('./stand-in/set-aside'))
    await withSetAside((store) => takeBack(store, id), undefined)
    listeners.notify()
    return result
  }

  return {
    getState: () => NOTHING_TO_SYNC,
    subscribe: (listener) => listeners.add(listener),
    notify: () => listeners.notify(),
    async syncNow() {
      usable()
      await retry()
    },
    pause: () => undefined,
    resume: () => undefined,
    async conflicts() {
      const { toConflict } = await loadPart(() => import('./stand-in/set-aside'))
      return (await list()).flatMap(toConflict)
    },
    resolve: (id, choice) => decide('conflict', id, (conflict) => resolveConflict(conflict, choice, writer)),
    async rejected() {
      const { toRejected } = await loadPart(() => import('./stand-in/set-aside'))
      return (await list()).flatMap(toRejected)
    },
    retry: (id) => decide('rejected', id, ({ key, value }) => writer.set(key, value)),
    discard: (id) => decide('rejected', id, async () => undefined),
    signIn: refuseSignIn,
    signOut: refuseSignIn,
  }
}

async function resolveConflict(
  { key, mine, theirs }: Extract<SetAsideWrite, { type: 'conflict' }>,
  choice: unknown,
  writer: Writer,
): Promise<{ keptAs?: string }> {
  if (choice === 'mine') return {}
  if (choice === 'theirs') {
    await writer.set(key, theirs)
    return {}
  }
  if (choice !== 'both') throw new StorageError('INVALID_OPTION', 'Choose "mine", "theirs" or "both".')
  // Mine may have changed since: what is under the key now is what stays.
  const keptAs = await findFreeKey(key, writer)
  const stored = await writer.get(key)
  const current = stored === undefined ? mine : stored
  await writer.setMany(
    current === undefined
      ? [[key, theirs]]
      : [
          [keptAs, current],
          [key, theirs],
        ],
  )
  return current === undefined ? {} : { keptAs }
}

async function findFreeKey(key: string, writer: Writer): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = `${key} (${number})`
    if (!(await writer.has(candidate))) return candidate
  }
}

function nothingSetAside(type: SetAsideWrite['type'], id: string): StorageError {
  const [what, list] = type === 'conflict' ? ['conflict', 'conflicts()'] : ['rejected write', 'rejected()']
  return new StorageError('INVALID_OPTION', `There is no ${what} "${id}" any more. Read sync.${list} again.`)
}

async function refuseSignIn(): Promise<void> {
  throw new StorageError('UNSUPPORTED', 'Only the Flask backend has users to sign in. Switch to it first.')
}
