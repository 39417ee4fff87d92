import { expect } from 'vitest'
import type { DefineTest } from './define-test'
import type { Open } from './open'

/** Rules O2 and O7, as another instance sees them. */
export function testDurability(test: DefineTest, open: Open): void {
  test('[O2] [X15] what is acknowledged is there for another instance at once', async () => {
    const name = crypto.randomUUID()
    const [here, there] = [open(name), open(name)]
    await there.get('a')
    await here.set('a', 1)
    expect(await there.get('a')).toBe(1)
    await here.update<number>('a', (n = 0) => n + 1)
    expect(await there.getMany(['a'])).toEqual(new Map([['a', 2]]))
    await here.setMany(Object.entries({ b: 1, c: 1 }))
    expect({ ...(await there.exportData()) }).toEqual({ a: 2, b: 1, c: 1 })
    await here.delete('a')
    expect({ ...(await there.exportData()) }).toEqual({ b: 1, c: 1 })
    await here.clear()
    expect({ ...(await there.exportData()) }).toEqual({})
  })

  test('[O2] [X15] what is acknowledged is there when the storage is opened again', async () => {
    const name = crypto.randomUUID()
    const first = open(name)
    await first.setMany(Object.entries({ kept: { n: 1 }, gone: 1, last: 1 }))
    await first.delete('gone')
    await first.set('last', 2)
    // What lives in memory goes with its last instance, and promises no more.
    if (!first.getState().persistent) await open(name).get('kept')
    await first.close()
    expect({ ...(await open(name).exportData()) }).toEqual({ kept: { n: 1 }, last: 2 })
  })

  test('[O7] another instance never sees half of a write of several keys', async () => {
    const name = crypto.randomUUID()
    const [here, there] = [open(name), open(name)]
    const keys = ['a', 'b', 'c', 'd']
    await here.setMany(keys.map((key) => [key, 0]))
    for (let round = 1; round <= 5; round++) {
      let isWriting = true
      const writing = here.setMany(keys.map((key) => [key, round])).finally(() => (isWriting = false))
      while (isWriting) {
        // How new they must be is another rule's business.
        const values = await there.getMany(keys)
        expect(values.size).toBe(keys.length)
        expect(new Set(values.values()).size).toBe(1)
      }
      await writing
    }
  })
}
