import { afterEach, expect, test, vi } from 'vitest'
import { createUnifiedStorage } from './index'

afterEach(() => vi.restoreAllMocks())

// One test, because it is once in a page.
test('[O2] the first write of a page to what is kept makes the browser begin another log, and fails with nothing of it', async () => {
  const deleting = vi.spyOn(indexedDB, 'deleteDatabase')
  const inMemory = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'memory' })
  await inMemory.set('a', 1)
  expect(deleting).not.toHaveBeenCalled()

  const refuse = deleting.mockImplementationOnce(() => {
    throw new DOMException('No', 'UnknownError')
  })
  const storages = [1, 2].map(() => createUnifiedStorage({ name: crypto.randomUUID() }))
  const setAll = (key: string) => Promise.all(storages.map((storage) => storage.set(key, 1)))
  await setAll('a')
  await setAll('b')
  await setAll('c')
  const scratch = 'unified-storage-fresh-log/'
  // It failed once, and was done then, for all.
  expect(refuse.mock.calls).toEqual([[scratch], [scratch]])
  for (const storage of storages) expect(await storage.keys()).toEqual(['a', 'b', 'c'])
  expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(scratch)
  await Promise.all([inMemory, ...storages].map((storage) => storage.close()))
})
