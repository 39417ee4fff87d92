import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { serveSparkInPage, useSparkSpace } from './backends/spark-kv/testing/spark-space'
import { createUnifiedStorage, type UnifiedStorage } from './index'

vi.setConfig({ testTimeout: 120_000 })

const LIMIT = 16 * 1024 * 1024
const bytes = new Uint8Array(LIMIT).map((_, index) => index % 251)

let stop: () => void
let storage: UnifiedStorage
beforeAll(async () => {
  await useSparkSpace()
  stop = serveSparkInPage()
})
afterEach(() => storage.close())
afterAll(() => stop())

describe.each(['indexeddb', 'sqlite', 'sparkkv'])('%s', (backend) => {
  test('[V6] 16 MiB of bytes are taken, and come back', async () => {
    storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: backend })
    await storage.set('key', bytes)
    const found = (await storage.get<Uint8Array>('key')) ?? new Uint8Array()
    expect(found.length).toBe(LIMIT)
    expect(found.every((byte, index) => byte === bytes[index])).toBe(true)
    await storage.clear()
  })

  test('[V1] what a symbol names is no part of a value, whichever way it is written', async () => {
    storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: backend })
    const value = { a: new Date(0), [Symbol('b')]: 2 }
    await storage.set('set', value)
    await storage.update('update', () => value)
    for (const key of ['set', 'update']) expect(Reflect.ownKeys((await storage.get<object>(key)) ?? {})).toEqual(['a'])
  })
})
