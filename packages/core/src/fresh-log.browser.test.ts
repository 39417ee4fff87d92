import { afterEach, expect, test, vi } from 'vitest'
import { createUnifiedStorage } from './index'

afterEach(() => vi.restoreAllMocks())

// One test, because it is once in a page.
test('[O2] the first write of a page to what is kept makes the browser begin another log, and fails with nothing of it', async () => {
  const deleting = vi.spyOn(indexedDB, 'deleteDatabase').mockImplementation(() => {
    throw new DOMException('No', 'UnknownError')
  })
  const inMemory = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'memory' })
  await inMemory.set('a', 1)
  expect(deleting).not.toHaveBeenCalled()
  const storages = [1, 2].map(() => createUnifiedStorage({ name: crypto.randomUUID() }))
  await Promise.all(storages.map((storage) => storage.set('a', 1)))
  await Promise.all(storages.map((storage) => storage.set('b', 2)))
  expect(deleting.mock.calls).toEqual([['unified-storage-fresh-log/']])
  for (const storage of storages) expect(await storage.keys()).toEqual(['a', 'b'])
  await Promise.all([inMemory, ...storages].map((storage) => storage.close()))
})
