import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage, type UnifiedStorageOptions } from '../../index'
import { createSparkKVBackend } from './index'
import { type SparkSpace, useSparkSpace } from './testing/spark-space'

vi.setConfig({ testTimeout: 60_000 })

let space: SparkSpace
let opened: UnifiedStorage[] = []

beforeEach(async () => {
  space = await useSparkSpace()
})
afterEach(async () => {
  await Promise.all(opened.map((storage) => storage.close()))
  opened = []
})

function open(name: string, options: UnifiedStorageOptions = {}): UnifiedStorage {
  const storage = createUnifiedStorage({ name, prefer: 'sparkkv', ...options })
  opened.push(storage)
  return storage
}

describe('the app and the kit in one store', () => {
  test("[K3] keys of the app's own are neither listed nor cleared", async () => {
    await space.kv.set('todos', ['mine'])
    await space.kv.set('unified-storage', 1)
    const name = crypto.randomUUID().replaceAll('-', '')
    const foreign = `unified-storage.${name}.Not-Escaped`
    await space.kv.set(foreign, 2)
    const storage = open(name)
    await storage.set('todos', ['ours'])
    expect(await storage.keys()).toEqual(['todos'])
    await storage.clear()
    expect(await storage.keys()).toEqual([])
    expect((await space.kv.keys()).sort()).toEqual(['todos', 'unified-storage', foreign])
    expect(await space.kv.get('todos')).toEqual(['mine'])
  })

  test('[V4] values that are JSON lie there as they are, under names that can be read', async () => {
    const storage = open('my app')
    await storage.set('todoList', [{ done: false }])
    await storage.set('when', new Date(0))
    expect(await space.kv.get('unified-storage.my-20app.todo_list')).toEqual([{ done: false }])
    expect(await space.kv.get('unified-storage.my-20app.when')).toEqual({ $us: 1, value: { $us: 'date', time: 0 } })
  })
})

describe.each(['error', 'missing', 'html', 'truncated', 'ignored'] as const)('answers that are %s', (kind) => {
  test('[E2] [X16] a read is unknown, not absent; nothing is written over it', async () => {
    const storage = open(crypto.randomUUID())
    await storage.set('key', { list: [1, 2, 3] })
    const updater = vi.fn(() => 'default')
    await space.setFault({ kind, method: 'GET' })
    const code = { name: 'StorageError', code: 'UNAVAILABLE', backend: 'sparkkv' }
    await expect(storage.get('key')).rejects.toMatchObject(code)
    await expect(storage.get('absent')).rejects.toMatchObject(code)
    await expect(storage.keys()).rejects.toMatchObject(code)
    await expect(storage.exportData()).rejects.toMatchObject(code)
    await expect(storage.update('key', updater)).rejects.toMatchObject(code)
    await expect(storage.clear()).rejects.toMatchObject(code)
    await space.setFault(null)
    expect(updater).not.toHaveBeenCalled()
    expect(await storage.get('key')).toEqual({ list: [1, 2, 3] })
    expect(await storage.get('absent')).toBeUndefined()
  })

  test('[D3] [D4] [X10] a store that cannot be opened is stood in for, and used as soon as it can', async () => {
    const storage = open(crypto.randomUUID())
    await space.setFault({ kind })
    await storage.set('key', 1)
    expect(storage.getState().standIn).toMatchObject({ wanted: 'sparkkv', error: { code: 'UNAVAILABLE' } })
    await space.setFault(null)
    await storage.sync.syncNow()
    expect(await storage.getBackend()).toBe('sparkkv')
    expect(await storage.get('key')).toBe(1)
  })
})

describe.each(['error', 'missing', 'html', 'ignored'] as const)('writes whose answer is %s', (kind) => {
  test('[O2] a write that was not kept rejects, and the old value is there', async () => {
    const storage = open(crypto.randomUUID())
    await storage.set('key', 'old')
    await space.setFault({ kind, method: 'POST' })
    await expect(storage.set('key', 'new')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await space.setFault({ kind, method: 'DELETE' })
    await expect(storage.delete('key')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(storage.clear()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await space.setFault(null)
    expect(await storage.get('key')).toBe('old')
  })
})

describe('the store fails', () => {
  test.each(['error', 'missing', 'html', 'ignored'] as const)(
    '[O7] with %s from any request of a setMany: all or nothing, in this tab and in the next',
    async (kind) => {
      let outcome: string
      let from = 0
      do {
        const name = crypto.randomUUID()
        const storage = open(name)
        await storage.setMany(Object.entries({ a: 'old', b: 'old', gone: 'old' }))
        await space.setFault({ kind, from })
        outcome = await storage.importData({ a: 'new', b: 'new', c: 'new' }, { mode: 'replace' }).then(
          () => 'committed',
          () => 'rejected',
        )
        await space.setFault(null)
        const expected =
          outcome === 'committed' ? { a: 'new', b: 'new', c: 'new' } : { a: 'old', b: 'old', gone: 'old' }
        expect({ ...(await open(name).exportData()) }, `request ${from}`).toEqual(expected)
        expect({ ...(await storage.exportData()) }).toEqual(expected)
        from += 1
      } while (outcome === 'rejected')
      expect(from).toBeGreaterThan(10)
    },
  )
})

describe('what cannot be used says so', () => {
  test('[E1] outside Spark, the stand-in says UNSUPPORTED and the way out', async () => {
    const { spark } = globalThis as { spark?: unknown }
    Object.assign(globalThis, { spark: undefined })
    const storage = open(crypto.randomUUID())
    await storage.set('key', 1)
    expect(storage.getState().standIn?.error).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('window.spark.kv is missing') as string,
    })
    Object.assign(globalThis, { spark })
    await storage.sync.syncNow()
    expect(storage.getState().backend).toBe('sparkkv')
  })

  test('[E1] a server that cannot be reached is NETWORK', async () => {
    const storage = open(crypto.randomUUID())
    await storage.set('key', 1)
    Object.assign(globalThis, { BASE_KV_SERVICE_URL: 'http://127.0.0.1:1/kv' })
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'NETWORK', backend: 'sparkkv' })
    await expect(storage.set('key', 2)).rejects.toMatchObject({ code: 'NETWORK' })
  })

  test('[E1] a server that never answers is TIMEOUT, and what waits behind it goes on', async () => {
    const backends = { sparkkv: createSparkKVBackend({ timeoutMs: 3_000 }) }
    const storage = open(crypto.randomUUID(), { backends })
    await storage.set('key', 1)
    await space.setFault({ kind: 'silent', method: 'GET' })
    await expect(storage.get('another')).rejects.toMatchObject({ code: 'TIMEOUT' })
    await space.setFault(null)
    // Another key: Chromium holds back a request for an address that it still waits for.
    expect(await storage.get('key')).toBe(1)
  })
})
