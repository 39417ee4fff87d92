import { expect, vi } from 'vitest'
import type { DefineTest } from './define-test'
import type { Open } from './open'

/** Makes every read of the place fail, until the function it gives is called. */
export type FailReads = () => Promise<() => unknown>

/** Rule E2, for backends whose reads can be made to fail. */
export function testFailingReads(test: DefineTest, open: Open, failReads: FailReads): void {
  test('[E2] a read that fails rejects: unknown is not absent, and nothing is written over it', async () => {
    const storage = open()
    await storage.set('key', { list: [1] })
    // It may be called where the place is not asked, with what is known; then the write is what fails.
    const updater = vi.fn((_current: unknown) => 'default')
    const heal = await failReads()
    try {
      for (const read of [
        () => storage.get('key'),
        () => storage.get('absent'),
        () => storage.has('key'),
        () => storage.getMany(['key']),
        () => storage.keys(),
        () => storage.entries()[Symbol.asyncIterator]().next(),
        () => storage.exportData(),
        () => storage.update('key', updater),
      ]) {
        await expect(read()).rejects.toMatchObject({ name: 'StorageError' })
      }
    } finally {
      await heal()
    }
    expect(updater).not.toHaveBeenCalledWith(undefined)
    expect({ ...(await storage.exportData()) }).toEqual({ key: { list: [1] } })
  })
}
