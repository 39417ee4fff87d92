import { notifyManager, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createUnifiedStorage } from '@unified-storage/core'
import { StorageProvider, useUnifiedStorage } from '@unified-storage/react'
import { useSyncExternalStore } from 'react'
import { createReactPage, keys, type ReactPage } from './react-page'

/** A page whose values are held in one way or another. */
export type Holder = {
  page: ReactPage
  /** Changes the values of these keys, all to the same, from outside of the components. */
  change(changed: readonly string[], value: number): unknown
  close(): unknown
}

export type HolderKind = { name: string; open(value: number): Promise<Holder> }

/** `useSyncExternalStore` on a map: what React itself takes. */
const bare: HolderKind = {
  name: 'bare',
  async open(initial) {
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
    return {
      page: createReactPage(useValue, (children) => <>{children}</>),
      change(changed, value) {
        for (const key of changed) values.set(key, value)
        for (const key of changed) listeners.get(key)?.()
      },
      close: () => undefined,
    }
  },
}

const us: HolderKind = {
  name: 'us',
  async open(initial) {
    const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'memory' })
    await storage.setMany(keys.map((key) => [key, initial]))
    const useValue = (key: string): number => useUnifiedStorage(key, -1)[0]
    return {
      page: createReactPage(useValue, (children) => (
        <StorageProvider storage={storage} queryClient={new QueryClient()}>
          {children}
        </StorageProvider>
      )),
      change: (changed, value) => storage.setMany(changed.map((key) => [key, value])),
      close: () => storage.close(),
    }
  },
}

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
    const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'memory' })
    await storage.setMany(keys.map((key) => [key, initial]))
    let heard = 0
    for (const key of keys) storage.watch(key, () => (heard += 1))
    return {
      page: {
        mount: () => undefined,
        unmount: () => undefined,
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
