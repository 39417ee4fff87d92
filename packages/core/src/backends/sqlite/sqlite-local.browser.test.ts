import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { createLocalStore } from './local-store'

describe('sqlite: without IndexedDB', () => {
  let name: string
  const opened: UnifiedStorage[] = []

  function open(): UnifiedStorage {
    const storage = createUnifiedStorage({ name, prefer: 'sqlite' })
    opened.push(storage)
    return storage
  }

  beforeEach(() => {
    name = crypto.randomUUID()
    vi.stubGlobal('indexedDB', undefined)
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((storage) => storage.close()))
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    localStorage.removeItem(`unified-storage-sqlite/${name}`)
  })

  test('[O2] an image is the first there only where nothing is', async () => {
    const store = createLocalStore(`unified-storage-sqlite/${name}`)
    const image = new Uint8Array([1, 2, 3])
    const sequence = await store.begin(image)
    expect(await store.load()).toEqual({ image, sequence, records: [] })
    expect(await store.append(sequence, { cleared: false, changes: [] }, () => undefined)).toBe('done')
    await expect(store.begin(image)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('[D1] data is kept in localStorage, and the state says that it is not durable', async () => {
    const [here, there] = [open(), open()]
    await Promise.all([here.get('n'), there.get('n')])
    await here.set('when', new Date(5))
    await there.set('n', 1)
    await here.update<number>('n', (n = 0) => n + 1)
    expect(await there.getMany(['n', 'when'])).toEqual(
      new Map<string, unknown>([
        ['n', 2],
        ['when', new Date(5)],
      ]),
    )
    expect(here.getState()).toMatchObject({ backend: 'sqlite', persistent: false })
    expect(await open().keys()).toEqual(['n', 'when'])
  })

  test('[O2] more than fits is QUOTA_EXCEEDED, and the old value stays', async () => {
    const storage = open()
    await storage.set('key', 'old')
    await expect(storage.set('key', 'x'.repeat(12_000_000))).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(await storage.get('key')).toBe('old')
    expect(await open().get('key')).toBe('old')
    await storage.set('key', 'new')
    expect(await open().get('key')).toBe('new')
  })

  test('[O2] a long log is folded into the image', async () => {
    const storage = open()
    for (let round = 0; round < 30; round++) await storage.set('key', `${round}${'x'.repeat(100_000)}`)
    expect(localStorage.getItem(`unified-storage-sqlite/${name}`)?.length).toBeLessThan(2_500_000)
    expect(await open().get<string>('key')).toMatch(/^29x+$/)
  })

  test('[E2] an entry that is damaged is CORRUPT, not absent', async () => {
    localStorage.setItem(`unified-storage-sqlite/${name}`, '{"sequence":')
    await expect(open().get('key')).rejects.toMatchObject({ code: 'CORRUPT' })
  })
})
