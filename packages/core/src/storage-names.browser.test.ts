import memoryDriver from 'unstorage/drivers/memory'
import { afterEach, expect, test, vi } from 'vitest'
import { useSparkSpace } from './backends/spark-kv/testing/spark-space'
import { unstorageBackend } from './backends/unstorage/index'
import { type AdapterFactory, createUnifiedStorage, StorageError, type UnifiedStorage } from './index'

const opened: UnifiedStorage[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
})

function open(name: string, prefer: string, backends: Record<string, AdapterFactory> = {}): UnifiedStorage {
  const storage = createUnifiedStorage({ name, prefer, backends })
  opened.push(storage)
  return storage
}

const down: AdapterFactory = async () => {
  throw new StorageError('NETWORK', 'The line is cut.')
}

test.each(['sparkkv', 'driver'])(
  '[K3] a storage whose name begins with "%s/" shares no journal and no news with the one that is kept there',
  async (backend) => {
    await useSparkSpace()
    const name = crypto.randomUUID()
    const backends = { driver: unstorageBackend(memoryDriver(), { name: 'driver', persistent: true }) }
    const standIn = open(`${backend}/${name}`, 'down', { down })
    await standIn.set('a', 1)
    const kept = open(name, backend, backends)
    await kept.setMany(Object.entries({ b: 2, c: 3 }))
    expect(await kept.getBackend()).toBe(backend)
    expect(await standIn.keys()).toEqual(['a'])

    const neighbour = open(`${backend}/${name}/`, 'indexeddb')
    const heard = vi.fn()
    neighbour.subscribe(heard)
    const other = open(`${name}/`, backend, backends)
    await Promise.all([neighbour.keys(), other.keys()])
    await other.set('d', 4)
    // What comes by a channel comes after this.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(heard).not.toHaveBeenCalled()
  },
)
