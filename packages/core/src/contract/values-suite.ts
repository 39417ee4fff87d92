import { expect, test } from 'vitest'
import type { Open } from './open'

/** Rules V3 and V5. */
export function testValues(open: Open): void {
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

  test.each([
    ['undefined', undefined, /key is undefined/],
    ['a function', { a: [0, () => 1] }, /key\.a\[1\] is a function/],
    ['a symbol', [Symbol('x')], /key\[0\] is a symbol/],
    ['a class instance', { at: new (class Point {})() }, /key\.at is an instance of Point/],
    ['a promise', Promise.resolve(1), /key is an instance of Promise/],
    ['a hole', { list: [1, , 3] }, /key\.list\[1\] is a hole/], // eslint-disable-line no-sparse-arrays
  ])('[V3] %s is refused, with the path', async (_what, value, message) => {
    const storage = open()
    await storage.set('key', 'old')
    const expected = { code: 'INVALID_VALUE', message: expect.stringMatching(message) as string }
    await expect(storage.set('key', value)).rejects.toMatchObject(expected)
    await expect(storage.update('key', () => value)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    expect(await storage.get('key')).toBe('old')
  })

  test('[V3] a value that holds itself, or 101 levels, is refused without a RangeError', async () => {
    const storage = open()
    const circular: unknown[] = []
    circular.push(circular)
    let deep: unknown = 1
    for (let level = 0; level < 101; level++) deep = [deep]
    await expect(storage.set('key', circular)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    await expect(storage.set('key', deep)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    await storage.set('key', (deep as unknown[])[0])
    expect(await storage.get('key')).toEqual((deep as unknown[])[0])
  })
}
