import { describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, prepareValue } from './index'

let count = 0
const open = () => createUnifiedStorage({ name: `prepared-${count++}`, prefer: 'memory' })

describe('prepareValue', () => {
  test('[V5] gives a copy, which the next write stores and delivers as it is', async () => {
    const storage = open()
    const given = { list: [1] }
    const own = prepareValue('key', given)
    expect(own).toEqual(given)
    expect(own).not.toBe(given)
    const heard = vi.fn()
    storage.watch('key', heard)
    await storage.set('key', own)
    expect(heard.mock.calls[0]?.[0]).toBe(own)
    expect(await storage.get('key')).not.toBe(own)
  })

  test('[V5] a second write of it is one like any other: what was changed meanwhile is looked at', async () => {
    const storage = open()
    const own = prepareValue('key', { list: [1] }) as { list: unknown[] }
    await storage.set('key', own)
    own.list.push(Symbol('none'))
    await expect(storage.set('key', own)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    own.list[1] = new Map()
    const writing = storage.set('key', own)
    own.list.pop()
    await writing
    expect(await storage.get('key')).toEqual({ list: [1, new Map()] })
  })

  test('[V3] throws for what cannot be stored, and gives what is no object as it is', () => {
    expect(() => prepareValue('key', [() => 1])).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }))
    expect([prepareValue('key', 5), prepareValue('key', null)]).toEqual([5, null])
  })
})

describe('the onCommit of an update', () => {
  test('[O6] is called once, before anybody hears of the change, however often the updater runs', async () => {
    const storage = open()
    const order: string[] = []
    storage.watch('n', () => order.push('watch'))
    storage.subscribe(() => order.push('subscribe'))
    await storage.update<number>('n', (n = 0) => n + 1, { onCommit: () => order.push('commit') })
    expect(order).toEqual(['commit', 'subscribe', 'watch'])
  })

  test('[O2] is not called for an update that came to nothing, nor for an attempt that did', async () => {
    const storage = open()
    const [failed, saved] = [vi.fn(), vi.fn()]
    const update = (n: unknown): unknown => {
      expect(saved).not.toHaveBeenCalled()
      return n ?? 1
    }
    const outcomes = await Promise.allSettled([
      storage.update('a', () => Symbol('none'), { onCommit: failed }),
      storage.update('b', update, { onCommit: saved }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect([failed.mock.calls.length, saved.mock.calls.length]).toEqual([0, 1])
  })
})
