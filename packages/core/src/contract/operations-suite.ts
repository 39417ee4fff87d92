import { expect } from 'vitest'
import type { DefineTest } from './define-test'
import type { Open } from './open'

/** Rules O1 to O7. */
export function testOperations(test: DefineTest, open: Open): void {
  testReadsAndWrites(test, open)
  testAbsence(test, open)
  testUpdate(test, open)
  testHostileValues(test, open)
  testMany(test, open)
}

function testReadsAndWrites(test: DefineTest, open: Open): void {
  for (const value of [null, 0, false, '', [], {}, 'text', -1.5]) {
    test(`[O1] ${JSON.stringify(value)} comes back as itself`, async () => {
      const storage = open()
      expect(await storage.get('key')).toBeUndefined()
      await storage.set('key', value)
      expect(await storage.get('key')).toStrictEqual(value)
      expect(await storage.has('key')).toBe(true)
    })
  }

  test('[O3] operations of one tick see the ones issued before them', async () => {
    const storage = open()
    const results = await Promise.all([
      storage.has('a'),
      storage.set('a', 1),
      storage.get('a'),
      storage.update<number>('a', (n = 0) => n + 1),
      storage.keys(),
      storage.delete('a'),
      storage.has('a'),
      storage.set('b', 5),
      storage.clear(),
      storage.keys(),
      storage.set('c', 7),
      storage.get('c'),
    ])
    expect(results).toEqual([false, undefined, 1, 2, ['a'], undefined, false, undefined, undefined, [], undefined, 7])
    await Promise.all([storage.clear(), storage.set('d', 8)])
    expect(await storage.keys()).toEqual(['d'])
  })
}

function testAbsence(test: DefineTest, open: Open): void {
  test('[O1] a key that was never written is absent, whoever asks', async () => {
    const storage = open()
    await storage.set('there', 1)
    expect(await storage.get('absent')).toBeUndefined()
    expect(await storage.has('absent')).toBe(false)
    expect(await storage.getMany(['absent', 'there', 'gone'])).toEqual(new Map([['there', 1]]))
    expect(await storage.update('absent', (current) => (current === undefined ? 'absent' : 'there'))).toBe('absent')
  })

  test('[O5] [X8] deleting an absent key succeeds, and is no outage', async () => {
    const storage = open()
    await storage.set('kept', 1)
    const before = storage.getState()
    await storage.delete('never there')
    await storage.deleteMany(['a', 'b'])
    expect(storage.getState()).toBe(before)
    expect(await storage.keys()).toEqual(['kept'])
  })
}

function testUpdate(test: DefineTest, open: Open): void {
  test('[O4] 1,000 updates in a tick, from two instances, lose nothing', async () => {
    const name = crypto.randomUUID()
    const [one, two] = [open(name), open(name)]
    const increment = (n = 0): number => n + 1
    await Promise.all(
      Array.from({ length: 500 }, () => [one.update('n', increment), two.update('n', increment)]).flat(),
    )
    expect(await one.get('n')).toBe(1000)
  })

  test('[O4] an updater that throws writes nothing, keeps its own error, and harms no neighbour', async () => {
    const storage = open()
    await storage.set('list', [1])
    const own = new Error('my own')
    const results = await Promise.allSettled([
      storage.update<number[]>('list', (list = []) => {
        list.push(666)
        throw own
      }),
      storage.update<number[]>('list', (list = []) => [...list, 2]),
      storage.set('other', 1),
    ])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect((results[0] as PromiseRejectedResult).reason).toBe(own)
    expect(await storage.get('list')).toEqual([1, 2])
  })

  test('[O4] an async updater, or none, is refused', async () => {
    const storage = open()
    await storage.set('key', 1)
    await expect(storage.update('key', async () => 2)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    await expect(storage.update('key', 5 as never)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    expect(await storage.get('key')).toBe(1)
  })
}

function testHostileValues(test: DefineTest, open: Open): void {
  test('[O2] a value that only the backend can refuse fails alone, whoever shares its transaction', async () => {
    const storage = open()
    const results = await Promise.allSettled([
      storage.update<number>('a', (n = 0) => n + 1),
      storage.update('b', () => new Proxy({ x: NaN }, {})),
      storage.update<number>('c', (n = 0) => n + 1),
      storage.get('a'),
    ])
    // Whether a proxy can be stored differs from backend to backend; that the answer is the truth does not.
    const [, proxy] = results
    expect(results.filter((result) => result !== proxy).map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'))
    expect(await storage.getMany(['a', 'c'])).toEqual(new Map(Object.entries({ a: 1, c: 1 })))
    expect(await storage.has('b')).toBe(proxy.status === 'fulfilled')
  })

  test('[E1] a getter or a list that throws is INVALID_VALUE, with its own error as the cause', async () => {
    const storage = open()
    const expected = { code: 'INVALID_VALUE', cause: { message: 'hostile' } }
    const hostile = Object.defineProperty({}, 'x', { enumerable: true, get: () => [...hostileList()] })
    await expect(storage.set('key', hostile)).rejects.toMatchObject(expected)
    await expect(storage.setMany(hostileList())).rejects.toMatchObject(expected)
    expect(await storage.keys()).toEqual([])
  })
}

function* hostileList(): Generator<[string, number]> {
  yield ['fine', 1]
  throw new Error('hostile')
}

function testMany(test: DefineTest, open: Open): void {
  test('[O7] setMany writes all or nothing', async () => {
    const storage = open()
    await expect(
      storage.setMany([
        ['a', 1],
        ['b', () => 2],
      ]),
    ).rejects.toMatchObject({ code: 'INVALID_VALUE', key: 'b' })
    expect(await storage.keys()).toEqual([])
    await storage.setMany(new Map(Object.entries({ a: 1, b: 2, c: 3 })))
    expect([...(await storage.getMany(['b', 'a']))]).toEqual(Object.entries({ b: 2, a: 1 }))
    await storage.deleteMany(['a', 'c'])
    expect(await storage.keys()).toEqual(['b'])
  })

  test('[O3] entries keeps its place, whatever is done to the pairs it hands out', async () => {
    const storage = open()
    await storage.setMany(Array.from({ length: 1200 }, (_, index) => [`n${index}`, index] as const))
    let count = 0
    for await (const pair of storage.entries()) {
      pair[0] = 'mine'
      if (++count > 1200) break
    }
    expect(count).toBe(1200)
  })

  test('[O3] entries walks 1,200 keys in order, by prefix', async () => {
    const storage = open()
    await storage.setMany(
      Array.from({ length: 1200 }, (_, index) => [`n:${String(index).padStart(4, '0')}`, index] as const),
    )
    await storage.set('other', true)
    const found: unknown[] = []
    for await (const [, value] of storage.entries('n:')) found.push(value)
    expect(found).toEqual(Array.from({ length: 1200 }, (_, index) => index))
  })
}
