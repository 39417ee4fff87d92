import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StorageError } from '../errors'
import { checkValue } from '../values'
import { createRemote, readAll, type Remote } from './stand-in.test.helpers'

let remote: Remote

afterEach(() => remote.close())

describe('one tab reaches the backend, and another does not', () => {
  beforeEach(async () => {
    remote = await createRemote()
    remote.setDown(true)
  })

  test('[D3] [E2] what one brought on a first run is unknown to the other, not absent', async () => {
    const blind = remote.open()
    await blind.set('a', 1)
    expect(await blind.get('b')).toBeUndefined()
    const seeing = remote.open({ backends: remote.reachable })
    expect(await seeing.get('a')).toBe(1)
    await seeing.set('b', 2)
    for (const key of ['a', 'b']) await expect(blind.get(key)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(blind.keys()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('[D3] so it is when nothing waited', async () => {
    const blind = remote.open()
    expect(await blind.keys()).toEqual([])
    await remote.open({ backends: remote.reachable }).set('a', 1)
    await expect(blind.get('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await blind.clear()
    expect(await blind.get('a')).toBeUndefined()
    expect(blind.getState().standIn?.pending).toBe(1)
  })
})

describe('a replay that breaks off', () => {
  test('[D3] [E2] leaves what it brought unknown, not absent', async () => {
    let transactions = 0
    remote = await createRemote((adapter) => ({
      ...adapter,
      async transact(mode, keys, compute) {
        if (++transactions === 2) throw new StorageError('NETWORK', 'The line is cut again.')
        await adapter.transact(mode, keys, compute)
      },
    }))
    const theirs = { type: 'set' as const, key: 'a', ...checkValue('theirs', 'a') }
    await remote.direct.transact('readwrite', [], () => [theirs])
    remote.setDown(true)
    const storage = remote.open()
    await storage.setMany([
      ['a', 'mine'],
      ['b', 2],
    ])
    remote.setDown(false)
    await expect(storage.sync.syncNow()).rejects.toMatchObject({ code: 'NETWORK' })
    expect(await storage.get('a')).toBe('mine')
    await expect(storage.get('b')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await storage.sync.syncNow()
    expect(await readAll(remote.direct)).toEqual({ a: 'mine', b: 2 })
  })
})
