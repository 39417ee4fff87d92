import { expect } from 'vitest'
import type { DefineTest } from './define-test'
import type { Open } from './open'
import { findDifferenceInside } from './read-blobs'
import { RICH_VALUES } from './values'

/** Rule V5. */
export function testOwnership(test: DefineTest, open: Open): void {
  test('[V5] what is stored does not change with what the caller passed in or got back', async () => {
    const storage = open()
    const value = { list: [1] }
    const writing = storage.set('key', value)
    value.list.push(2)
    await writing
    const [first, second] = await Promise.all([storage.get<typeof value>('key'), storage.get<typeof value>('key')])
    first?.list.push(3)
    expect(second).toEqual({ list: [1] })
    expect(await storage.get('key')).toEqual({ list: [1] })
  })

  test("[V5] what update returned, what getMany and entries gave, is the caller's own", async () => {
    const storage = open()
    const mine = await storage.update<number[]>('key', () => [1])
    mine.push(2)
    for (const value of (await storage.getMany(['key'])).values()) (value as number[]).push(3)
    for await (const [, value] of storage.entries()) (value as number[]).push(4)
    expect(await storage.get('key')).toEqual([1])
  })

  test('[V5] each read of one tick gets a value of its own, also of what was written in it', async () => {
    const storage = open()
    const [, first, second] = await Promise.all([
      storage.set('key', [1]),
      storage.get<number[]>('key').then((list) => list?.push(2)),
      storage.get<number[]>('key'),
    ])
    expect([first, second]).toEqual([2, [1]])
  })
}

/** Rules V1 and V2, a value of each kind. */
export function testRichValues(test: DefineTest, open: Open): void {
  for (const [what, make] of RICH_VALUES) {
    test(`[V2] [X14] ${what} comes back, from reads and from an export`, async () => {
      const [storage, copy] = [open(), open()]
      await storage.set('key', make())
      expect(await findDifferenceInside(make(), await storage.get('key'))).toBeUndefined()
      const file = JSON.stringify(await storage.exportData())
      await copy.importData(JSON.parse(file) as Record<string, unknown>)
      expect(await findDifferenceInside(make(), await copy.get('key'))).toBeUndefined()
    })
  }
}
