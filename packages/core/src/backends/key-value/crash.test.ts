import { describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { createKeyValueAdapter, createPageJournal, createPageLock, createStoreJournal } from './index'
import { type BreakableStore, createBreakableStore } from './testing/broken-store'
import { createMapStore } from './testing/map-backend'

// Files, or hundreds of crashes, on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

type Shared = { items: Map<string, string>; journalName: string; journal: 'page' | 'store'; verify: boolean }
type Tab = { storage: UnifiedStorage; store: BreakableStore }

/** Each tab has a lock of its own: a tab that hangs is one that died, and its lock with it. */
function openTab({ items, journalName, journal, verify }: Shared): Tab {
  const store = createBreakableStore(createMapStore(items))
  const visible = { ...store, keys: async () => (await store.keys()).filter((key) => key !== 'journal') }
  const storage = createUnifiedStorage({
    prefer: 'map',
    backends: {
      map: async () =>
        createKeyValueAdapter({
          name: 'map',
          persistent: false,
          store: visible,
          verify,
          lock: createPageLock(crypto.randomUUID()),
          journal: journal === 'page' ? createPageJournal(journalName) : createStoreJournal(store, 'journal'),
        }),
    },
  })
  return { storage, store }
}

const BEFORE = { kept: 'old', changed: 'old', removed: 'old' }

const TRANSACTIONS: Record<string, { run: (storage: UnifiedStorage) => Promise<unknown>; after: object }> = {
  setMany: {
    run: (storage) => storage.setMany(Object.entries({ changed: 'new', added: 'new', another: 'new' })),
    after: { ...BEFORE, changed: 'new', added: 'new', another: 'new' },
  },
  deleteMany: { run: (storage) => storage.deleteMany(['changed', 'removed']), after: { kept: 'old' } },
  clear: { run: (storage) => storage.clear(), after: {} },
  importData: {
    run: (storage) => storage.importData({ added: 1, changed: 2 }, { mode: 'replace' }),
    after: { added: 1, changed: 2 },
  },
}

async function prepare(shared: Shared): Promise<void> {
  const { storage } = openTab(shared)
  await storage.setMany(Object.entries(BEFORE))
}

/** Runs the transaction with a break after `calls` calls; gives what a new tab finds. */
async function crashAfter(shared: Shared, calls: number, name: string, how: 'throws' | 'hangs') {
  await prepare(shared)
  const { storage, store } = openTab(shared)
  await storage.getBackend()
  store.breakAfter(calls, how)
  const outcome = await Promise.race([
    TRANSACTIONS[name]?.run(storage).then(
      () => 'committed' as const,
      () => 'rejected' as const,
    ),
    ...(how === 'hangs' ? [store.broken.then(() => 'died' as const)] : []),
  ])
  const found = await openTab(shared).storage.exportData()
  return { outcome, found: { ...found } }
}

describe.each(['throws', 'hangs'] as const)('a store that %s', (how) => {
  const cases = Object.keys(TRANSACTIONS).flatMap((name) =>
    (['page', 'store'] as const).flatMap((journal) => [false, true].map((verify) => ({ name, journal, verify }))),
  )
  test.each(cases)(
    '[O7] at any call of $name leaves all or nothing (journal: $journal, verify: $verify)',
    async ({ name, ...setting }) => {
      const outcomes = new Set<string | undefined>()
      let calls = 0
      for (; !outcomes.has('committed'); calls++) {
        const shared: Shared = { items: new Map(), journalName: crypto.randomUUID(), ...setting }
        const { outcome, found } = await crashAfter(shared, calls, name, how)
        outcomes.add(outcome)
        expect(found, `${outcome} after ${calls} calls`).toEqual(
          outcome === 'committed' ? TRANSACTIONS[name]?.after : BEFORE,
        )
      }
      expect([...outcomes]).toEqual([how === 'throws' ? 'rejected' : 'died', 'committed'])
      expect(calls).toBeGreaterThan(3)
    },
  )
})

test('[O7] what another device wrote after a crash is not taken back', async () => {
  const shared: Shared = { items: new Map(), journalName: crypto.randomUUID(), journal: 'page', verify: true }
  await prepare(shared)
  const { storage, store } = openTab(shared)
  await storage.getBackend()
  // The list of keys, three old values, and the first of the writes.
  store.breakAfter(5, 'hangs')
  void storage.setMany([
    ['kept', 'new'],
    ['changed', 'new'],
    ['removed', 'new'],
  ])
  await store.broken
  expect(shared.items.get('kept')).toBe('"new"')
  shared.items.set('removed', '"theirs"')
  expect(await openTab(shared).storage.exportData()).toEqual({ ...BEFORE, removed: 'theirs' })
})

test('[O7] a value that was cut off in its middle is put back', async () => {
  const shared: Shared = { items: new Map(), journalName: crypto.randomUUID(), journal: 'page', verify: true }
  await prepare(shared)
  const { storage, store } = openTab(shared)
  await storage.getBackend()
  store.breakAfter(4, 'hangs')
  void storage.deleteMany(['kept', 'changed', 'removed'])
  await store.broken
  shared.items.set('changed', '"ne')
  const next = openTab(shared).storage
  // What a transaction did not leave half written is what it did not touch: only its own keys are put back.
  await expect(next.exportData()).resolves.toEqual(BEFORE)
})

test('[O2] a journal that was cut off itself has nothing to take back', async () => {
  const shared: Shared = { items: new Map(), journalName: crypto.randomUUID(), journal: 'page', verify: false }
  await prepare(shared)
  await createPageJournal(shared.journalName).write('{"version":1,"chan')
  const { storage } = openTab(shared)
  expect(await storage.exportData()).toEqual(BEFORE)
  await storage.setMany([
    ['a', 1],
    ['b', 2],
  ])
  expect(await openTab(shared).storage.get('b')).toBe(2)
})

test('[E2] a journal of a newer version is left alone, and nothing is shown', async () => {
  const shared: Shared = { items: new Map(), journalName: crypto.randomUUID(), journal: 'page', verify: false }
  await prepare(shared)
  await createPageJournal(shared.journalName).write('{"version":2}')
  const { storage } = openTab(shared)
  await expect(storage.get('kept')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await expect(storage.set('kept', 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(shared.items.get('kept')).toBe('"old"')
})

test('[V5] what an updater returned may be changed at once', async () => {
  const shared: Shared = { items: new Map(), journalName: crypto.randomUUID(), journal: 'page', verify: false }
  const { storage } = openTab(shared)
  const list = [1]
  await storage.update('list', () => {
    queueMicrotask(() => list.push(2))
    return list
  })
  expect(await storage.get('list')).toEqual([1])
})
