import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AdapterFactory } from '../adapter'
import { memoryBackend } from '../backends/memory'
import { openSideStore } from '../backends/registry'
import { StorageError } from '../errors'
import { toJournal } from '../journal'
import { checkValue } from '../values'
import { replayInto } from './index'
import { listSetAside } from './set-aside'
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
    await vi.waitFor(() => expect(blind.getState().standIn?.pending).toBe(0))
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

  test('[D3] so it is when the one brought a clear', async () => {
    const blind = remote.open()
    await blind.clear()
    const seeing = remote.open({ backends: remote.reachable })
    await seeing.set('a', 1)
    await expect(blind.get('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('[D1] a tab that wanted something else, which it cannot open, goes where the others are', async () => {
    const elsewhere: AdapterFactory = async () => {
      await remote.open({ prefer: 'indexeddb' }).set('a', 1)
      throw new StorageError('NETWORK', 'Nobody answers there.')
    }
    const storage = remote.open({ prefer: 'elsewhere', backends: { elsewhere } })
    expect(await storage.get('a')).toBe(1)
    expect(storage.getState()).toEqual({ status: 'ready', backend: 'indexeddb', persistent: true })
  })

  test('[D3] the others are told when one that starts has brought what waited', async () => {
    const blind = remote.open()
    await blind.set('a', 1)
    remote.setDown(false)
    expect(await remote.open().get('a')).toBe(1)
    await vi.waitFor(() => expect(blind.getState().backend).toBe('remote'))
  })

  test('[D3] a tab that looked for a server elsewhere goes where the others are', async () => {
    const [here, there] = ['http://localhost:1', 'http://localhost:2']
    const flask: AdapterFactory = async (context) => {
      if (context.url === here) return { ...(await memoryBackend(context)), name: 'flask', persistent: true }
      await remote.open({ prefer: 'flask', flaskUrl: here, backends: { flask } }).set('a', 1)
      throw new StorageError('NETWORK', 'Nobody answers there.')
    }
    const storage = remote.open({ prefer: 'flask', flaskUrl: there, backends: { flask } })
    expect(await storage.get('a')).toBe(1)
    const state = { status: 'ready', backend: 'flask', persistent: true, url: here, offeredUrl: there }
    expect(storage.getState()).toEqual(state)
  })

  test('[O6] nobody is told to read again when nothing was brought', async () => {
    await remote.open().set('a', 1)
    remote.setDown(false)
    const one = remote.open()
    expect(await one.get('a')).toBe(1)
    const heard: unknown[] = []
    one.subscribe((event) => heard.push(event))
    const two = remote.open()
    await two.set('b', 2)
    expect(heard).toEqual([{ type: 'set', key: 'b', origin: 'tab' }])
  })
})

describe('a replay that breaks off', () => {
  test('[D3] [E2] leaves what it brought unknown, not absent', async () => {
    let transactions = 0
    let closed = 0
    remote = await createRemote((adapter) => ({
      ...adapter,
      async close() {
        closed++
        await adapter.close()
      },
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
    expect(closed).toBe(1)
    expect(await storage.get('a')).toBe('mine')
    await expect(storage.get('b')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await storage.sync.syncNow()
    expect(await readAll(remote.direct)).toEqual({ a: 'mine', b: 2 })
  })
})

describe('two tabs that see the backend again at once', () => {
  test('[D3] bring it one after the other, so that what one overwrites is kept and what it writes then stays', async () => {
    remote = await createRemote()
    const name = crypto.randomUUID()
    const set = (key: string, value: unknown) => ({ type: 'set' as const, key, ...checkValue(value, key) })
    const [journal, aside] = await Promise.all([openSideStore('journal', name), openSideStore('set-aside', name)])
    await remote.direct.transact('readwrite', [], () => [set('a', 'theirs')])
    await journal.transact('readwrite', [], () => toJournal([set('a', 'mine'), set('b', 'mine')]))

    const first = replayInto(remote.direct, name).then(() =>
      remote.direct.transact('readwrite', [], () => [set('a', 'newer'), { type: 'delete', key: 'b' }]),
    )
    const second = replayInto(
      {
        ...remote.direct,
        transact: async (...args) => {
          await first
          await remote.direct.transact(...args)
        },
      },
      name,
    )
    await Promise.all([first, second])

    expect(await readAll(remote.direct)).toEqual({ a: 'newer' })
    expect(await listSetAside(aside)).toMatchObject([{ key: 'a', mine: 'mine', theirs: 'theirs' }])
    await Promise.all([journal.close(), aside.close()])
  })
})
