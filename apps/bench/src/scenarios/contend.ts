import type { Contender, Peer, Runs, Store } from '../types'

/** Puts peers up for the same work; `suffix` tells it from other work of theirs in the same scenario. */
export function contend(peers: readonly Peer[], work: (store: Store) => Runs, suffix = ''): Contender[] {
  return peers.map(({ name, open }) => ({
    name: name + suffix,
    open: async (database) => work(await open(database)),
  }))
}

export async function expectCount(store: Store, expected: number): Promise<void> {
  const count = await store.count()
  if (count !== expected) throw new Error(`${count} keys instead of ${expected}`)
}

export function expectEqual(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${String(actual)} instead of ${String(expected)}`)
}

/** A call that the scenario's peers are known to have. */
export function has<Call>(call: Call | undefined): Call {
  if (!call) throw new Error('This peer has no such call')
  return call
}
