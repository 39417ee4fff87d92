import { notifyManager, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'
import { StorageProvider, useUnifiedStorage } from '@unified-storage/react'
import { type ReactElement, type ReactNode, useSyncExternalStore } from 'react'
import { createReactPage, keys, type ReactPage } from './react-page'

/** A page whose values are held in one way or another. */
export type Holder = {
  page: ReactPage
  /** Changes the values of these keys, all to the same, from outside of the components. */
  change(changed: readonly string[], value: number): unknown
  /** Waits for what `change` has begun and did not wait for. */
  saved?(): Promise<unknown>
  close(): unknown
}

export type HolderKind = { name: string; open(value: number): Promise<Holder> }

/** `useSyncExternalStore` on a map: what React itself takes. */
const bare: HolderKind = {
  name: 'bare',
  async open(initial) {
    const { values, listeners, page } = createBarePage(initial)
    return {
      page,
      change(changed, value) {
        for (const key of changed) values.set(key, value)
        for (const key of changed) listeners.get(key)?.()
      },
      close: () => undefined,
    }
  },
}

/** The least that setters which tell when they are done can take: a promise for each. */
const bareSetters: HolderKind = {
  name: 'bare, a promise each',
  async open(initial) {
    const { values, listeners, page } = createBarePage(initial)
    async function set(key: string, value: number): Promise<void> {
      values.set(key, value)
      listeners.get(key)?.()
    }
    return {
      page,
      change: (changed, value) => void changed.map((key) => set(key, value)),
      close: () => undefined,
    }
  },
}

function createBarePage(initial: number) {
  const values = new Map(keys.map((key) => [key, initial]))
  const listeners = new Map<string, () => void>()
  const useValue = (key: string): number =>
    useSyncExternalStore(
      (listener) => {
        listeners.set(key, listener)
        return () => listeners.delete(key)
      },
      () => values.get(key) ?? -1,
    )
  return { values, listeners, page: createReactPage(useValue, (children) => <>{children}</>) }
}

const us: HolderKind = {
  name: 'us',
  async open(initial) {
    const storage = await openStorage(initial)
    const useValue = (key: string): number => useUnifiedStorage(key, -1)[0]
    return {
      page: createReactPage(useValue, (children) => provide(storage, children)),
      change: (changed, value) => storage.setMany(changed.map((key) => [key, value])),
      close: () => storage.close(),
    }
  },
}

/** Each component's own setter is called; what it sets is shown before it is saved. */
const usSetters = (name: string, waitsUntilSaved: boolean): HolderKind => ({
  name,
  async open(initial) {
    const storage = await openStorage(initial)
    const setters = new Map<string, (value: number) => Promise<void>>()
    let saving: Promise<void>[] = []
    function useValue(key: string): number {
      const [value, setValue] = useUnifiedStorage(key, -1)
      setters.set(key, setValue)
      return value
    }
    return {
      page: createReactPage(useValue, (children) => provide(storage, children)),
      change(changed, value) {
        saving = changed.flatMap((key) => setters.get(key)?.(value) ?? [])
        return waitsUntilSaved ? Promise.all(saving) : undefined
      },
      saved: () => Promise.all(saving),
      close: () => storage.close(),
    }
  },
})

async function openStorage(initial: number): Promise<UnifiedStorage> {
  const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'memory' })
  await storage.setMany(keys.map((key) => [key, initial]))
  return storage
}

const provide = (storage: UnifiedStorage, children: ReactNode): ReactElement => (
  <StorageProvider storage={storage} queryClient={new QueryClient()}>
    {children}
  </StorageProvider>
)

/** At its best: all values are in the cache before anything is drawn, so that nothing is fetched. */
const query: HolderKind = {
  name: 'useQuery',
  async open(initial) {
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } })
    for (const key of keys) client.setQueryData([key], initial)
    const useValue = (key: string): number => useQuery({ queryKey: [key], queryFn: async () => initial }).data ?? -1
    return {
      page: createReactPage(useValue, (children) => (
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      )),
      change: (changed, value) =>
        notifyManager.batch(() => {
          for (const key of changed) client.setQueryData([key], value)
        }),
      close: () => client.clear(),
    }
  },
}

/** What our storage takes to change values that nothing shows, each with somebody who listens. */
export const storageAlone: HolderKind = {
  name: 'storage alone',
  async open(initial) {
    const storage = await openStorage(initial)
    let heard = 0
    for (const key of keys) storage.watch(key, () => (heard += 1))
    return {
      page: {
        mount: () => undefined,
        unmount: () => undefined,
        isShown: () => true,
        shows: async () => undefined,
        takeRenders() {
          const taken = heard
          heard = 0
          return taken
        },
      },
      change: (changed, value) => storage.setMany(changed.map((key) => [key, value])),
      close: () => storage.close(),
    }
  },
}

export const holders: readonly HolderKind[] = [us, bare, query]
export const setterHolders: readonly HolderKind[] = [
  usSetters('us, until shown', false),
  usSetters('us, until saved', true),
  bareSetters,
  bare,
  query,
]
