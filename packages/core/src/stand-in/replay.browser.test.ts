import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StorageAdapter } from '../adapter'
import { openSideStore } from '../backends/registry'
import { StorageError } from '../errors'
import { BROUGHT_MARK, toJournal } from '../journal'
import type { UnifiedStorage } from '../types'
import { checkValue } from '../values'
import { replay } from './replay'
import { listSetAside } from './set-aside'
import { createRemote, readAll, type Remote } from './stand-in.test.helpers'

let remote: Remote

afterEach(() => remote.close())

/** A storage that wrote while its backend, which holds `entries`, could not be seen, and that is back with it. */
async function writeBlindly(
  entries: Record<string, unknown>,
  write: (storage: UnifiedStorage) => Promise<unknown>,
): Promise<UnifiedStorage> {
  await remote.open().setMany(Object.entries(entries))
  remote.setDown(true)
  const storage = remote.open()
  await write(storage)
  remote.setDown(false)
  await storage.sync.syncNow()
  return storage
}

describe('what is overwritten unseen', () => {
  beforeEach(async () => {
    remote = await createRemote()
  })

  test('[D3] is kept as a conflict', async () => {
    const storage = await writeBlindly({ a: 'theirs', same: [1], b: 'theirs' }, (blind) =>
      Promise.all([blind.set('a', 'mine'), blind.set('same', [1]), blind.delete('b'), blind.delete('c')]),
    )
    expect(await readAll(remote.direct)).toEqual({ a: 'mine', same: [1] })
    expect(await storage.sync.conflicts()).toEqual([
      { id: expect.any(String) as string, key: 'a', mine: 'mine', theirs: 'theirs', at: expect.any(Date) as Date },
      { id: expect.any(String) as string, key: 'b', mine: undefined, theirs: 'theirs', at: expect.any(Date) as Date },
    ])
  })

  test('[D3] is kept when everything is cleared', async () => {
    const storage = await writeBlindly({ a: 1, b: 2 }, async (blind) => {
      await blind.clear()
      await blind.set('c', 3)
    })
    expect(await readAll(remote.direct)).toEqual({ c: 3 })
    expect((await storage.sync.conflicts()).map(({ key, theirs }) => [key, theirs])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  test('[D3] is kept once when it holds bytes that cannot be compared', async () => {
    const storage = await writeBlindly({ a: new Blob(['theirs']) }, (blind) => blind.set('a', new Blob(['mine'])))
    expect(await (await storage.get<Blob>('a'))?.text()).toBe('mine')
    expect(await storage.sync.conflicts()).toHaveLength(1)
  })

  test.each([
    ['mine', { a: 'mine' }, {}],
    ['theirs', { a: 'theirs' }, {}],
    ['both', { a: 'theirs', 'a (1)': 'mine' }, { keptAs: 'a (1)' }],
  ] as const)('[D3] a person chooses %s', async (choice, after, answer) => {
    const storage = await writeBlindly({ a: 'theirs' }, (blind) => blind.set('a', 'mine'))
    const [conflict] = await storage.sync.conflicts()
    let told = 0
    storage.sync.subscribe(() => told++)
    expect(await storage.sync.resolve(conflict?.id ?? '', choice)).toEqual(answer)
    expect(await readAll(remote.direct)).toEqual(after)
    expect(await storage.sync.conflicts()).toEqual([])
    expect(told).toBe(1)
  })

  test('[D3] "both" takes no key that is in use', async () => {
    const storage = await writeBlindly({ a: 'theirs', 'a (1)': 1 }, (blind) => blind.set('a', 'mine'))
    const [conflict] = await storage.sync.conflicts()
    expect(await storage.sync.resolve(conflict?.id ?? '', 'both')).toEqual({ keptAs: 'a (2)' })
    expect(await readAll(remote.direct)).toEqual({ a: 'theirs', 'a (1)': 1, 'a (2)': 'mine' })
  })

  test('[D3] "both" keeps a null that was written since', async () => {
    const storage = await writeBlindly({ a: 'theirs' }, (blind) => blind.set('a', 'mine'))
    await storage.set('a', null)
    const [conflict] = await storage.sync.conflicts()
    await storage.sync.resolve(conflict?.id ?? '', 'both')
    expect(await readAll(remote.direct)).toEqual({ a: 'theirs', 'a (1)': null })
  })

  test('[D3] is told of when it was found at the start', async () => {
    await remote.open().set('a', 'theirs')
    remote.setDown(true)
    await remote.open().set('a', 'mine')
    remote.setDown(false)
    const storage = remote.open()
    let told = 0
    storage.sync.subscribe(() => told++)
    await storage.get('a')
    expect(told).toBe(1)
    expect(await storage.sync.conflicts()).toHaveLength(1)
  })

  test('[E1] a conflict that is not there, or an answer that is none, is refused', async () => {
    const storage = await writeBlindly({ a: 'theirs' }, (blind) => blind.set('a', 'mine'))
    const [conflict] = await storage.sync.conflicts()
    await expect(storage.sync.resolve('none', 'mine')).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await expect(storage.sync.resolve(conflict?.id ?? '', 'neither' as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    })
    expect(await storage.sync.conflicts()).toHaveLength(1)
  })

  test('nothing is made where nothing was ever set aside', async () => {
    const storage = remote.open()
    expect(await storage.sync.conflicts()).toEqual([])
    expect(await storage.sync.rejected()).toEqual([])
    const names = (await indexedDB.databases()).map(({ name }) => name)
    expect(names).not.toContain(`unified-storage-set-aside/${storage.name}`)
  })
})

describe('what the backend refuses', () => {
  beforeEach(async () => {
    remote = await createRemote((adapter) => ({
      ...adapter,
      transact: (mode, keys, compute) =>
        adapter.transact(mode, keys, (current) => {
          const writes = compute(current)
          if (writes.some((write) => write.type === 'set' && write.value === 'poison')) {
            throw new StorageError('INVALID_VALUE', 'Poison is not taken here.')
          }
          return writes
        }),
    }))
  })

  test('[D3] is set aside with its reason, and the rest goes on', async () => {
    const storage = await writeBlindly({}, (blind) =>
      blind.setMany([
        ['a', 1],
        ['b', 'poison'],
        ['c', 3],
      ]),
    )
    expect(await readAll(remote.direct)).toEqual({ a: 1, c: 3 })
    const [rejected] = await storage.sync.rejected()
    expect(rejected).toMatchObject({ key: 'b', value: 'poison', reason: { code: 'INVALID_VALUE' } })
    await expect(storage.sync.retry(rejected?.id ?? '')).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    expect(await storage.sync.rejected()).toHaveLength(1)
    await storage.sync.discard(rejected?.id ?? '')
    expect(await storage.sync.rejected()).toEqual([])
  })
})

describe('a crash, or a change, while it is brought', () => {
  let journal: StorageAdapter
  let aside: StorageAdapter

  beforeEach(async () => {
    remote = await createRemote()
    const name = crypto.randomUUID()
    journal = await openSideStore('journal', name)
    aside = await openSideStore('set-aside', name)
  })
  afterEach(() => Promise.all([journal.close(), aside.close()]))

  const set = (key: string, value: unknown) => ({ type: 'set' as const, key, ...checkValue(value, key) })

  /** Runs `once` after the first transaction. */
  function afterFirst(adapter: StorageAdapter, once: () => Promise<void>): StorageAdapter {
    let transactions = 0
    return {
      ...adapter,
      async transact(mode, keys, compute) {
        await adapter.transact(mode, keys, compute)
        if (++transactions === 1) await once()
      },
    }
  }

  test('[D3] a value that changed since it was set aside is set aside again', async () => {
    await remote.direct.transact('readwrite', [], () => [set('a', 'theirs')])
    await journal.transact('readwrite', [], () => toJournal([set('a', 'mine')]))
    const changeIt = () => remote.direct.transact('readwrite', [], () => [set('a', 'newer')])
    await replay({ journal, aside }, afterFirst(remote.direct, changeIt))
    expect(await readAll(remote.direct)).toEqual({ a: 'mine' })
    expect(await listSetAside(aside)).toMatchObject([{ key: 'a', theirs: 'newer' }])
  })

  test('[D3] what is written again while it is brought is brought again', async () => {
    await journal.transact('readwrite', [], () => toJournal([set('a', 1)]))
    const writeAgain = () => journal.transact('readwrite', [], () => toJournal([set('a', 2)]))
    await replay({ journal, aside }, afterFirst(remote.direct, writeAgain))
    expect(await readAll(remote.direct)).toEqual({ a: 2 })
  })

  test('[D3] a clear while it is brought leaves the mark that something was', async () => {
    await journal.transact('readwrite', [], () => toJournal([set('a', 1)]))
    const clear = () => journal.transact('readwrite', [], () => toJournal([{ type: 'clear' }]))
    await replay({ journal, aside }, afterFirst(remote.direct, clear))
    expect(await readAll(remote.direct)).toEqual({})
    expect(await journal.keys('')).toEqual([BROUGHT_MARK])
  })

  /** Fails at the given step of the replay, as if the page was closed there. */
  function crashAt(step: number): (adapter: StorageAdapter) => StorageAdapter {
    let steps = 0
    return (adapter) => ({
      ...adapter,
      async transact(mode, keys, compute) {
        if (steps++ === step) throw new Error('crash before')
        await adapter.transact(mode, keys, compute)
        if (steps++ === step) throw new Error('crash after')
      },
    })
  }

  test('[D3] loses nothing and doubles nothing, wherever it comes', async () => {
    let crashes = 0
    for (let step = 0; ; step++) {
      await remote.direct.transact('readwrite', [], () => [{ type: 'clear' }, set('a', 'old'), set('b', 'theirs')])
      await aside.transact('readwrite', [], () => [{ type: 'clear' }])
      await journal.transact('readwrite', [], () => toJournal([{ type: 'clear' }, set('a', 'mine'), set('c', 1)]))
      const crash = crashAt(step)
      const crashed = await replay({ journal: crash(journal), aside: crash(aside) }, crash(remote.direct)).then(
        () => false,
        () => true,
      )
      await replay({ journal, aside }, remote.direct)
      expect(await readAll(remote.direct)).toEqual({ a: 'mine', c: 1 })
      const kept = (await listSetAside(aside)).map((write) =>
        write.type === 'conflict' ? [write.key, write.theirs] : [],
      )
      expect(kept.sort()).toEqual([
        ['a', 'old'],
        ['b', 'theirs'],
      ])
      if (!crashed) break
      crashes++
    }
    expect(crashes).toBeGreaterThanOrEqual(16)
  })
})
