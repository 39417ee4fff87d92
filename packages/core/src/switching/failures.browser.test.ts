import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AdapterFactory, StorageAdapter, WriteOperation } from '../adapter'
import { changeRecord, readActiveRecord } from '../active-record'
import { indexedDBBackend } from '../backends/indexeddb/index'
import { createSQLiteBackend } from '../backends/sqlite/index'
import { databaseOf } from '../handover'
import { controlFence } from './fence'
import { createSubject, lyingAbout, type Subject } from './switching.test.helpers'

let subject: Subject

beforeEach(async () => {
  subject = await createSubject()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await subject.close()
})

const ownDatabases = async (): Promise<string[]> =>
  (await indexedDB.databases()).flatMap(({ name }) => (name?.endsWith(`/${subject.name}`) ? [name] : [])).sort()

/** As a tab leaves the fence that dies, or whose last step is lost. */
async function leaveFrozen(id: string): Promise<void> {
  const fence = controlFence(databaseOf('unified-storage', subject.name))
  await fence.reopen()
  await fence.record(id)
  await fence.freeze(id)
}

const slow: AdapterFactory = async (context) => {
  const adapter = await indexedDBBackend(context)
  return {
    ...adapter,
    async transact(...args) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return adapter.transact(...args)
    },
  }
}

describe('a switch that comes to nothing', () => {
  test.each(['copy', 'verify', 'commit'])('[S6] cancelled in the phase %s leaves no trace', async (phase) => {
    const storage = subject.open('indexeddb')
    await storage.setMany(Object.entries(subject.values))
    const before = await ownDatabases()
    const stop = new AbortController()
    const onProgress = (progress: { phase: string }): void => {
      if (progress.phase === phase) stop.abort()
    }
    await expect(storage.switchToSQLite({ signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'ABORTED' })
    expect(await storage.getBackend()).toBe('indexeddb')
    expect(storage.getState().status).toBe('ready')
    await subject.expectValues(storage)
    expect(await ownDatabases()).toEqual(before)
    expect(await controlFence(databaseOf('unified-storage', subject.name)).read()).toBeUndefined()
    expect(await readActiveRecord(subject.name)).toEqual({ backend: 'indexeddb', lastGeneration: 1 })
    await storage.set('after', 1)
    expect(await storage.switchToSQLite()).toMatchObject({ to: 'sqlite' })
  })

  test('[S6] cancelled on its way to Spark KV it leaves no trace of that either', async () => {
    const storage = subject.open('indexeddb')
    await storage.setMany(Object.entries(subject.values))
    const before = await ownDatabases()
    const stop = new AbortController()
    const onProgress = ({ phase }: { phase: string }): void => void (phase === 'verify' && stop.abort())
    await expect(storage.switchToSparkKV({ signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    await vi.waitFor(async () => expect(await ownDatabases()).toEqual(before))
  })

  test('[S2] a key that is deleted at the last moment is verified to be gone', async () => {
    const withoutDeletes = (writes: readonly WriteOperation[]) => writes.filter(({ type }) => type !== 'delete')
    const keeping = change((adapter) => ({
      ...adapter,
      transact: (mode, keys, compute) => adapter.transact(mode, keys, (current) => withoutDeletes(compute(current))),
    }))
    const [storage, other] = [
      subject.open('indexeddb', { backends: { sqlite: keeping } }),
      subject.open('indexeddb', { backends: { sqlite: keeping } }),
    ]
    await storage.setMany(Object.entries(subject.values))
    await other.get('a')
    let deleting: Promise<void> | undefined
    const onProgress = ({ phase }: { phase: string }): void =>
      void (phase === 'commit' && (deleting = other.delete('a')))
    await expect(storage.switchToSQLite({ onProgress })).rejects.toMatchObject({ code: 'SWITCH_FAILED' })
    await deleting
    expect(await storage.get('a')).toBeUndefined()
  })

  test('[S5] a choice that is none says so, and does nothing', async () => {
    const storage = subject.open('indexeddb')
    await storage.set('a', 1)
    const onConflict = 'keep-both' as 'keep-source'
    await expect(storage.switchToSQLite({ onConflict })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await expect(storage.undoSwitch({ onConflict })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })

  test('[S2] [X11] a target that gives back something else is not switched to', async () => {
    const lying = change((adapter) => lyingAbout(adapter, (mode) => mode === 'readonly'))
    const storage = subject.open('indexeddb', { backends: { sqlite: lying } })
    await storage.setMany(Object.entries(subject.values))
    await expect(storage.switchToSQLite()).rejects.toMatchObject({ code: 'SWITCH_FAILED', backend: 'sqlite' })
    expect(await storage.getBackend()).toBe('indexeddb')
    await subject.expectValues(storage)
  })

  test('[S2] a target with a key too many is not switched to', async () => {
    const adding = change((adapter) => ({
      ...adapter,
      keys: async (prefix) => [...(await adapter.keys(prefix)), 'more'],
    }))
    const storage = subject.open('indexeddb', { backends: { sqlite: adding } })
    await storage.set('a', 1)
    await expect(storage.switchToSQLite()).rejects.toMatchObject({ code: 'SWITCH_FAILED' })
  })

  test('[S2] a target with another key in the place of one is not switched to', async () => {
    const renaming = change((adapter) => ({
      ...adapter,
      keys: async (prefix) => (await adapter.keys(prefix)).map((key) => (key === 'a' ? 'other' : key)),
    }))
    const storage = subject.open('indexeddb', { backends: { sqlite: renaming } })
    await storage.setMany(Object.entries({ a: 1, b: 2 }))
    await expect(storage.switchToSQLite()).rejects.toMatchObject({ code: 'SWITCH_FAILED' })
  })

  test('[S1] a target that does not open rejects with its own error', async () => {
    const storage = subject.open('indexeddb')
    await storage.set('a', 1)
    await expect(storage.switchTo('nowhere')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(storage.switchTo('memory')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(storage.undoSwitch()).rejects.toMatchObject({ code: 'SWITCH_FAILED' })
    expect(await storage.get('a')).toBe(1)
  })
})

test('[S2] [X11] the source is not touched before the record says that the data is elsewhere', async () => {
  const storage = subject.open('indexeddb')
  await storage.setMany(Object.entries(subject.values))
  await storage.switchToSQLite()
  const source = await indexedDBBackend({ name: subject.name, durability: 'relaxed' })
  await controlFence(databaseOf('unified-storage', subject.name)).reopen()
  expect(await source.keys('')).toEqual(Object.keys(subject.values).sort())
  await source.close()
})

test('[S7] a switch to where the data is does nothing', async () => {
  const storage = subject.open('indexeddb')
  await storage.set('a', 1)
  expect(await storage.switchToIndexedDB()).toEqual({
    from: 'indexeddb',
    to: 'indexeddb',
    keys: 0,
    bytes: 0,
    conflicts: 0,
  })
  expect((await readActiveRecord(subject.name))?.previous).toBeUndefined()
})

test('[S3] a second switch is refused while one runs, here and in another instance', async () => {
  const [here, there] = [subject.open('indexeddb', { backends: { indexeddb: slow } }), subject.open('indexeddb')]
  await here.setMany(Object.entries(subject.values))
  await there.get('a')
  const running = here.switchToSQLite()
  await vi.waitFor(async () => expect((await readActiveRecord(subject.name))?.switching).toBeDefined())
  await expect(here.switchToSQLite()).rejects.toMatchObject({ code: 'SWITCH_FAILED' })
  await expect(there.switchToSQLite()).rejects.toMatchObject({ code: 'SWITCH_FAILED' })
  await running
  expect(await here.getBackend()).toBe('sqlite')
})

test('[S3] a fence that a dead tab left frozen is opened by the first writer', async () => {
  const storage = subject.open('indexeddb')
  await storage.set('a', 1)
  const to = { backend: 'sqlite', generation: 1 }
  await changeRecord(subject.name, () => ({
    backend: 'indexeddb',
    lastGeneration: 1,
    switching: { id: 'dead', to, phase: 'commit', lease: Date.now() - 1 },
  }))
  await leaveFrozen('dead')
  expect(await storage.get('a')).toBe(1)
  await storage.set('a', 2)
  expect(await storage.get('a')).toBe(2)
  expect((await readActiveRecord(subject.name))?.switching).toBeUndefined()
})

test('[S3] a writer at a frozen fence of a switch that was committed goes where the data is', async () => {
  const [here, there] = [subject.open('indexeddb'), subject.open('indexeddb')]
  await there.set('a', 1)
  await here.switchToSQLite()
  const { settling: _done, ...record } = (await readActiveRecord(subject.name)) ?? { backend: '' }
  await changeRecord(subject.name, () => record)
  await leaveFrozen('cut off after its commit')
  await there.set('b', 2)
  expect(await here.get('b')).toBe(2)
})

test('[S4] an idle tab follows without writing', async () => {
  const [here, there] = [subject.open('indexeddb'), subject.open('indexeddb')]
  await here.set('a', 1)
  await there.get('a')
  await here.switchToSQLite()
  await vi.waitFor(async () => expect(await there.getBackend()).toBe('sqlite'))
})

test.each(['set', 'delete', 'clear'] as const)(
  '[S4] a %s of what was copied already is caught up with',
  async (what) => {
    const [here, there] = [subject.open('indexeddb'), subject.open('indexeddb')]
    await here.setMany(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index]))
    await there.get('k0')
    let change: Promise<void> | undefined
    const onProgress = ({ done }: { done: number }): void => {
      if (done === 0 || change) return
      change = what === 'clear' ? there.clear() : what === 'set' ? there.set('k0', 'changed') : there.delete('k0')
    }
    await here.switchToSQLite({ onProgress })
    await change
    expect(await here.get('k0')).toBe(what === 'set' ? 'changed' : undefined)
    expect(await here.keys()).toHaveLength({ set: 2_000, delete: 1_999, clear: 0 }[what])
  },
)

test('[S6] bytes that are copied twice count once', async () => {
  const [here, there] = [subject.open('indexeddb'), subject.open('indexeddb')]
  await here.setMany(Array.from({ length: 600 }, (_, index) => [`k${index}`, 'x'.repeat(1_000)]))
  await there.get('k0')
  let change: Promise<void> | undefined
  const onProgress = ({ done }: { done: number }): void => {
    if (done > 0) change ??= there.set('k0', 'y'.repeat(1_000))
  }
  const { bytes } = await here.switchToSQLite({ onProgress })
  await change
  expect(bytes).toBe(600_000)
})

test('[S5] what an earlier switch left, and what the original system left, is not in a fresh target', async () => {
  const storage = subject.open('indexeddb')
  await storage.setMany([
    ['a', 1],
    ['b', 2],
  ])
  await storage.switchToSQLite()
  await storage.delete('b')
  await storage.switchToIndexedDB()
  expect(await storage.keys()).toEqual(['a'])
  await storage.switchToSQLite()
  expect(await storage.keys()).toEqual(['a'])
})

describe('a place that holds keys of its own', () => {
  beforeEach(async () => {
    const remote = subject.open('remote', { name: subject.name })
    await remote.setMany([
      ['theirs', 'kept'],
      ['both', 'there'],
      ['same', 1],
    ])
    // Nothing was ever kept in IndexedDB.
    await changeRecord(subject.name, () => ({ backend: 'indexeddb', isUnopened: true }))
  })

  test('[S5] rejects with every key that clashes, before it writes', async () => {
    const storage = subject.open('indexeddb')
    await storage.setMany([
      ['mine', 1],
      ['both', 'here'],
      ['same', 1],
    ])
    await expect(storage.switchTo('remote')).rejects.toMatchObject({ code: 'CONFLICT', keys: ['both'] })
    expect(await storage.getBackend()).toBe('indexeddb')
    expect(await storage.switchTo('remote', { onConflict: 'keep-source' })).toMatchObject({ conflicts: 1 })
    expect(await storage.exportData()).toEqual({ both: 'here', mine: 1, same: 1, theirs: 'kept' })
    expect(await storage.sync.conflicts()).toMatchObject([{ key: 'both', mine: 'here', theirs: 'there' }])
  })

  test('[S5] the other way round, the value there stays, and the other one is kept', async () => {
    const storage = subject.open('indexeddb')
    await storage.set('both', 'here')
    await storage.switchTo('remote', { onConflict: 'keep-target' })
    expect(await storage.get('both')).toBe('there')
    expect(await storage.sync.conflicts()).toMatchObject([{ key: 'both', mine: 'there', theirs: 'here' }])
  })

  test('[S3] [S6] a switch that is cancelled takes back what it wrote there', async () => {
    const storage = subject.open('indexeddb')
    await storage.setMany([
      ['mine', 1],
      ['both', 'here'],
    ])
    const stop = new AbortController()
    const onProgress = ({ phase }: { phase: string }): void => void (phase === 'commit' && stop.abort())
    const options = { signal: stop.signal, onProgress, onConflict: 'keep-source' as const }
    await expect(storage.switchTo('remote', options)).rejects.toMatchObject({ code: 'ABORTED' })
    await changeRecord(subject.name, () => ({ backend: 'remote', generation: 9 }))
    expect(await subject.open('indexeddb').exportData()).toEqual({ both: 'there', same: 1, theirs: 'kept' })
  })
})

test('[S3] cut off after any call of IndexedDB, there is one backend with everything, and the switch can be made', async () => {
  for (let calls = 1; ; calls += 9) {
    const each = await createSubject()
    const storage = each.open('indexeddb')
    await storage.setMany(Object.entries(each.values))
    const heal = failAfter(calls)
    const outcome = await storage.switchToSQLite().then(
      () => 'done',
      () => 'failed',
    )
    const wasCut = heal()
    const after = each.open()
    await each.expectValues(after)
    await after.set('after', 1)
    await after.switchTo((await after.getBackend()) === 'sqlite' ? 'indexeddb' : 'sqlite')
    await each.expectValues(after, { after: 1 })
    await each.close()
    if (outcome === 'done' && !wasCut) break
  }
}, 120_000)

/** From the n-th transaction on, in this thread, none can be begun. */
function failAfter(calls: number): () => boolean {
  let left = calls
  const begin = IDBDatabase.prototype.transaction
  const spy = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    if (--left < 0) throw new DOMException('cut off by the test', 'QuotaExceededError')
    return begin.apply(this, args)
  })
  return () => {
    spy.mockRestore()
    return left < 0
  }
}

function change(wrap: (adapter: StorageAdapter) => StorageAdapter): AdapterFactory {
  const sqlite = createSQLiteBackend({ worker: false })
  return async (context) => wrap(await sqlite(context))
}
