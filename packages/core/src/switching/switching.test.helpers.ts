import { expect } from 'vitest'
import type { AdapterFactory, StorageAdapter, TransactionMode } from '../adapter'
import { hasPython, useFlask } from '../backends/flask/testing/flask-server'
import { memoryBackend } from '../backends/memory'
import { useSparkSpace } from '../backends/spark-kv/testing/spark-space'
import type { UnifiedStorageOptions } from '../options'
import type { BackendName, UnifiedStorage } from '../types'
import { createUnifiedStorage } from '../unified-storage'
import { findDifference } from '../value-difference'

/** One that an app adds: without transactions of ours, and shared by whoever has the name. */
export const remoteBackend: AdapterFactory = async (context) => {
  const { handover: _none, ...adapter } = await memoryBackend(context)
  return { ...adapter, name: 'remote', persistent: true }
}

// Without Python there is no server; serve-flask.mjs says so, and fails where CI is true.
export const names: BackendName[] = ['indexeddb', 'sqlite', 'sparkkv', 'remote', ...(hasPython ? ['flask'] : [])]
export const openPairs: [BackendName, BackendName][] = names.flatMap((from) =>
  names.filter((to) => to !== from).map((to): [BackendName, BackendName] => [from, to]),
)

/** Gives something else for "a" than is there. */
export function lyingAbout(adapter: StorageAdapter, isLying: (mode: TransactionMode) => boolean): StorageAdapter {
  const { bulk: { digest: _honest, ...bulk } = {}, ...others } = adapter
  return {
    ...others,
    bulk,
    transact: (mode, keys, compute) =>
      adapter.transact(mode, keys, (current) => {
        if (isLying(mode) && current.has('a')) current.set('a', 'something else')
        return compute(current)
      }),
  }
}

export type Subject = {
  name: string
  values: Record<string, unknown>
  open(prefer?: BackendName, options?: UnifiedStorageOptions): UnifiedStorage
  expectValues(storage: UnifiedStorage, more?: Record<string, unknown>): Promise<void>
  close(): Promise<void>
}

/** A storage of its own, with values of every kind. */
export async function createSubject(): Promise<Subject> {
  await useSparkSpace()
  const name = crypto.randomUUID()
  const opened: UnifiedStorage[] = []
  const flaskUrl = hasPython ? useFlask().url : ''
  const keepAlive = await remoteBackend({ name, durability: 'relaxed' })
  const values: Record<string, unknown> = {
    a: 1,
    'nothing there': { deep: [null, undefined, NaN] },
    when: new Date(0),
    map: new Map([[1, new Set(['x'])]]),
    bytes: new Uint8Array([1, 2, 3]),
    '\u{1f600}/%2F?x=1': 'emoji',
    __proto__key: { ['__proto__']: 1 },
  }
  return {
    name,
    values,
    open(prefer, options = {}) {
      const storage = createUnifiedStorage({
        name,
        ...(prefer && { prefer }),
        ...(hasPython && { flaskUrl }),
        backends: { remote: remoteBackend },
        ...options,
      })
      opened.push(storage)
      return storage
    },
    async expectValues(storage, more = {}) {
      const expected = { ...values, ...more }
      expect(await storage.keys()).toEqual(Object.keys(expected).sort())
      const found = await storage.getMany(Object.keys(expected))
      for (const [key, value] of Object.entries(expected)) expect(findDifference(value, found.get(key))).toBeUndefined()
    },
    async close() {
      await Promise.all(opened.map((storage) => storage.close()))
      await keepAlive.close()
    },
  }
}
