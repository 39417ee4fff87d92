import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { anyKey, anyValue } from '../../contract/arbitraries'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { findDifference } from '../../value-difference'

const opened: UnifiedStorage[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
})

function open(prefer = 'indexeddb', name: string = crypto.randomUUID()): UnifiedStorage {
  const storage = createUnifiedStorage({ name, prefer })
  opened.push(storage)
  return storage
}

describe.each(['indexeddb', 'sqlite', 'memory'])('%s', (backend) => {
  test.each([false, true])('[T2] export and import is the identity (packed: %s)', async (compress) => {
    const stores = fc.array(fc.tuple(anyKey, anyValue), { maxLength: 20 }).map((entries) => new Map(entries))
    const property = fc.asyncProperty(stores, async (entries) => {
      const [source, target] = [open(backend), open(backend)]
      await source.setMany(entries)
      await target.set('only here', 1)
      const report = await target.importFile(await source.exportFile({ compress }), { mode: 'replace' })
      expect(report).toMatchObject({ removed: entries.has('only here') ? 0 : 1 })
      const restored = await target.getMany([...entries.keys()])
      expect(findDifference(new Map([...entries].sort(byKey)), new Map([...restored].sort(byKey)))).toBeUndefined()
      expect(await target.keys()).toEqual(await source.keys())
    })
    await fc.assert(property, { numRuns: 25 })
  })

  test('[T2] blobs keep their bytes, and what is the same is not changed', async () => {
    const storage = open(backend)
    await storage.set('file', { file: new File(['abc'], 'a.txt', { type: 'text/plain' }) })
    const exported = await storage.exportFile()
    expect(await storage.importFile(exported)).toMatchObject({ identical: 1, changed: 0 })
    await storage.clear()
    await storage.importFile(exported)
    expect(await (await storage.get<{ file: File }>('file'))?.file.text()).toBe('abc')
  })

  test('[T3] an import can be taken back once', async () => {
    const storage = open(backend)
    await storage.setMany(Object.entries({ same: 1, changed: { old: 1 }, gone: new Map([[1, 2]]) }))
    const file = new Blob([JSON.stringify({ same: 1, changed: 2, added: 3 })])
    const before = JSON.stringify(await storage.exportData())
    expect(await storage.importFile(file, { mode: 'replace' })).toMatchObject({
      identical: 1,
      keys: { added: ['added'], changed: ['changed'], removed: ['gone'] },
    })
    expect(await storage.undoImport()).toMatchObject({
      kept: 0,
      keys: { added: ['gone'], changed: ['changed'], removed: ['added'], kept: [] },
    })
    expect(JSON.stringify(await storage.exportData())).toBe(before)
    await expect(storage.undoImport()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('[T3] what a dry run said is what is done, or nothing is', async () => {
    const storage = open(backend)
    await storage.setMany(Object.entries({ a: 1, b: 1 }))
    const file = new Blob([JSON.stringify({ a: 2, b: 2, c: 2 })])
    for (const mode of ['merge', 'replace'] as const) {
      const expected = await storage.importFile(file, { mode, dryRun: true })
      await storage.setMany(Object.entries({ a: 2, z: 1 }))
      await expect(storage.importFile(file, { mode, expected })).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await storage.get('b')).toBe(1)
      expect(await storage.getLastImport()).toBeUndefined()
      await storage.set('a', 1)
      await storage.delete('z')
    }
    const expected = await storage.importFile(file, { dryRun: true })
    expect(await storage.importFile(file, { expected })).toEqual(expected)
  })

  test('[T3] an import that can be taken back is told of, until it is', async () => {
    const storage = open(backend)
    expect(await storage.getLastImport()).toBeUndefined()
    const names = (await indexedDB.databases()).map(({ name }) => name)
    expect(names).not.toContain(`unified-storage-import-undo/${storage.name}`)
    await storage.setMany(Object.entries({ a: 1, gone: 1 }))
    const before = Date.now()
    await storage.importData({ a: 2, b: 2 }, { mode: 'replace' })
    const last = await storage.getLastImport()
    expect(last).toEqual({ at: expect.any(Date) as Date, added: 1, changed: 1, removed: 1 })
    expect(last?.at.getTime()).toBeGreaterThanOrEqual(before)
    await storage.importData({ a: 3 }, { dryRun: true })
    await expect(storage.importData({ '': 1 })).rejects.toMatchObject({ code: 'INVALID_DATA' })
    // Another instance on this data stands for the page after a reload.
    expect(await open(backend, storage.name).getLastImport()).toEqual(last)
    await storage.undoImport()
    expect(await storage.getLastImport()).toBeUndefined()
  })

  test('[T3] what was written since an import stays when it is taken back, and is reported', async () => {
    const storage = open(backend)
    await storage.setMany(Object.entries({ a: 1, b: 1, blob: new Blob(['old']) }))
    await storage.importFrom({
      type: 'unstorage',
      storage: {
        getKeys: async () => ['a', 'b', 'c', 'blob'],
        getItem: async (key) => (key === 'blob' ? new Blob(['new']) : 2),
      },
    })
    await storage.setMany(Object.entries({ a: 3, c: 3, blob: new Blob(['yes']) }))
    expect(await storage.undoImport()).toMatchObject({ kept: 3, keys: { changed: ['b'], kept: ['a', 'blob', 'c'] } })
    expect(await storage.getMany(['a', 'b', 'c'])).toEqual(new Map(Object.entries({ a: 3, b: 1, c: 3 })))
    expect(await (await storage.get<Blob>('blob'))?.text()).toBe('yes')
  })

  test('[T3] an import that fails in the middle changes nothing, and the one before can still be taken back', async () => {
    const storage = open(backend)
    await storage.importData({ a: 1 })
    let reads = 0
    const getItem = async (key: string): Promise<unknown> => {
      if (reads++ >= 1_500 + 1_200) throw new DOMException('gone', 'NetworkError')
      return `value of ${key}`
    }
    const getKeys = async (): Promise<string[]> => Array.from({ length: 1_500 }, (_, index) => `n${index}`)
    await expect(storage.importFrom({ type: 'unstorage', storage: { getKeys, getItem } })).rejects.toMatchObject({
      name: 'StorageError',
    })
    expect(await storage.keys()).toEqual(['a'])
    await storage.undoImport()
    expect(await storage.keys()).toEqual([])
  })
})

test('[T2] only the prefixes that were asked for are exported', async () => {
  const storage = open()
  await storage.setMany(Object.entries({ 'a:1': 1, 'b:1': 2, 'c:1': 3 }))
  const target = open()
  await target.importFile(await storage.exportFile({ prefixes: ['a:', 'c'] }))
  expect(await target.keys()).toEqual(['a:1', 'c:1'])
})

test('[T2] the file is lines of JSON, and its checksum is the SHA-256 of all but the last', async () => {
  const storage = open()
  await storage.set('todo', { title: 'milk' })
  const text = await (await storage.exportFile()).text()
  const [header = '', entry = '', trailer = ''] = text.split('\n')
  expect(JSON.parse(header)).toMatchObject({ format: 'unified-storage', version: 1, count: 1, codec: 1 })
  expect(JSON.parse(entry)).toEqual({ key: 'todo', value: { title: 'milk' } })
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${header}\n${entry}\n`))
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  expect(JSON.parse(trailer)).toEqual({ end: 'unified-storage', count: 1, sha256 })
})

test('[T3] a transaction of several pages is one to other tabs, and nothing that they write meanwhile is lost', async () => {
  const name = crypto.randomUUID()
  const [here, there] = [open('indexeddb', name), open('indexeddb', name)]
  await there.set('counter', 0)
  const data = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`n${index}`, index]))
  let isOver = false
  const importing = here
    .importFile(new Blob([JSON.stringify({ ...data, counter: 1_000 })]))
    .finally(() => (isOver = true))
  const counts = new Set<number>()
  let updates = 0
  let last = 0
  while (!isOver) {
    counts.add((await there.keys('n')).length)
    last = await there.update<number>('counter', (n = 0) => n + 1)
    updates = await there.update<number>('updates', (n = 0) => n + 1)
  }
  await importing
  expect([...counts].filter((count) => count !== 0 && count !== 5_000)).toEqual([])
  expect(await there.get('updates')).toBe(updates)
  // Either the import came last, or the updates went on from what it wrote.
  expect(await there.get('counter')).toBe(Math.max(1_000, last))
})

test('[O6] a large import is heard of as one change, a small one key by key', async () => {
  const storage = open()
  const heard: string[] = []
  storage.subscribe((event) => heard.push('key' in event ? `${event.type} ${event.key}` : event.type))
  await storage.importFile(new Blob(['{"a":1,"b":2}']))
  await storage.importFile(
    new Blob([JSON.stringify(Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`n${index}`, 0])))]),
  )
  expect(heard).toEqual(['set a', 'set b', 'reload'])
})

test('[T3] an import can be cancelled while it is written, and a dry run writes nothing', async () => {
  const storage = open()
  const file = new Blob([JSON.stringify(Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`n${n}`, n])))])
  expect(await storage.importFile(file, { dryRun: true })).toMatchObject({ added: 3_000 })
  const controller = new AbortController()
  const onProgress = ({ phase }: { phase: string }): void => (phase === 'write' ? controller.abort() : undefined)
  await expect(storage.importFile(file, { signal: controller.signal, onProgress })).rejects.toMatchObject({
    code: 'ABORTED',
  })
  expect(await storage.keys()).toEqual([])
  await expect(storage.exportFile({ signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' })
})

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
