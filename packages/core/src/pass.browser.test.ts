import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { StorageAdapter } from './adapter'
import { openIndexedDB } from './backends/indexeddb'
import { FENCE } from './handover'
import { passLockOf } from './pass'
import { controlFence, type FenceControl } from './switching/fence'

let database: string
let adapter: StorageAdapter
let fence: FenceControl

beforeEach(async () => {
  database = `unified-storage/${crypto.randomUUID()}`
  adapter = await openIndexedDB(database, 'relaxed')
  fence = controlFence(database)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  await adapter.close()
  indexedDB.deleteDatabase(database)
})

const write = (key: string): Promise<void> =>
  adapter.transact('readwrite', [], () => [{ type: 'set', key, value: 1, bytes: 8, isJson: true }])

async function writeInTurn(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await write(`k${index}`)
}

/** A transaction that takes so long. */
const busyWrite = (ms: number): Promise<void> =>
  adapter.transact('readwrite', [], () => {
    const end = performance.now() + ms
    while (performance.now() < end);
    return [{ type: 'set', key: 'slow', value: 1, bytes: 8, isJson: true }]
  })

const pause = (ms = 50): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** How often the fence was read since. */
function countReads(): () => number {
  const spy = vi.spyOn(IDBObjectStore.prototype, 'get')
  return () => spy.mock.calls.filter(([key]) => key === FENCE).length
}

const passes = async (): Promise<number> =>
  ((await navigator.locks.query()).held ?? []).filter(({ name }) => name === passLockOf(database)).length

describe('a run of awaited writes', () => {
  test('reads the fence at its start, and again after 100', async () => {
    const reads = countReads()
    await writeInTurn(99)
    expect(reads()).toBeLessThan(10)
    await writeInTurn(99)
    expect(reads()).toBeGreaterThan(3)
    expect(reads()).toBeLessThan(20)
  })

  test('gives its pass back at the next pause', async () => {
    await writeInTurn(20)
    expect(await passes()).toBe(1)
    await pause()
    expect(await passes()).toBe(0)
  })

  test('reads the fence each time where there are no Web Locks', async () => {
    vi.stubGlobal('navigator', { ...navigator, locks: undefined })
    const reads = countReads()
    await writeInTurn(20)
    expect(reads()).toBe(20)
  })

  test('reads the fence each time where a pass is refused', async () => {
    vi.spyOn(navigator.locks, 'request').mockRejectedValue(new DOMException('Not here', 'SecurityError'))
    const reads = countReads()
    await writeInTurn(20)
    expect(reads()).toBe(20)
  })

  test('reads the fence again after 200 ms, however slow its transactions are', async () => {
    await writeInTurn(10)
    const reads = countReads()
    for (let index = 0; index < 5; index++) await busyWrite(60)
    expect(reads()).toBeGreaterThan(0)
  })

  test('asks for no pass where there is a fence', async () => {
    await fence.record('a')
    const asked = vi.spyOn(navigator.locks, 'request')
    await writeInTurn(20)
    expect(asked).not.toHaveBeenCalled()
  })

  test('reads the fence each time where there are pauses between them', async () => {
    const reads = countReads()
    for (let index = 0; index < 10; index++) {
      await write('k')
      await pause()
    }
    expect(reads()).toBe(10)
  })
})

describe('[S4] a fence that is raised in a run of writes', () => {
  test('has everything put down that is written from then on', async () => {
    const late: string[] = []
    let isRecording = false
    let isOver = false
    const writing = (async () => {
      for (let index = 0; !isOver; index++) {
        if (isRecording) late.push(`k${index}`)
        await write(`k${index}`)
      }
    })()
    await vi.waitFor(async () => expect(await passes()).toBe(1), { interval: 1 })
    await fence.record('a')
    isRecording = true
    await pause()
    isOver = true
    await writing
    expect(late.length).toBeGreaterThan(0)
    const { keys } = await fence.take('a')
    expect(late.filter((key) => !keys.includes(key))).toEqual([])
  })

  test.each(['frozen', 'moved'] as const)('stops the next one: %s', async (state) => {
    const writing = writeInTurn(100_000)
    writing.catch(() => undefined)
    await vi.waitFor(async () => expect(await passes()).toBe(1), { interval: 1 })
    if (state === 'moved') await fence.move('a')
    else await fence.record('a').then(() => fence.freeze('a'))
    await expect(writing).rejects.toMatchObject({ fence: { state, id: 'a' } })
    await expect(write('later')).rejects.toMatchObject({ fence: { state } })
  })

  test('[S3] moves on from under one who reads without a pause', async () => {
    await fence.record('a')
    await fence.freeze('a')
    const reading = (async () => {
      for (;;) await adapter.transact('readonly', ['k'], () => [])
    })()
    reading.catch(() => undefined)
    await pause()
    await fence.move('a')
    await expect(reading).rejects.toMatchObject({ fence: { state: 'moved' } })
  })

  describe('while a tab is stuck with its pass', () => {
    let end = (): void => undefined
    beforeEach(() => {
      const isStuck = new Promise<void>((resolve) => (end = resolve))
      void navigator.locks.request(passLockOf(database), { mode: 'shared' }, () => isStuck)
    })
    afterEach(() => end())

    test('is raised as soon as the pass is back', async () => {
      const recording = fence.record('a')
      await pause()
      expect(await fence.read()).toBeUndefined()
      end()
      await recording
      expect(await fence.read()).toEqual({ state: 'recording', id: 'a' })
    })

    test('[S6] is not raised by one who was cancelled', async () => {
      const signal = AbortSignal.timeout(50)
      const renew = vi.fn(async () => undefined)
      await expect(fence.record('a', undefined, { renew, signal })).rejects.toMatchObject({ name: 'TimeoutError' })
      expect(renew).not.toHaveBeenCalled()
      expect(await fence.read()).toBeUndefined()
    })

    test(
      'is not raised, which is said after 15 s; but who has moved already says so',
      { timeout: 40_000 },
      async () => {
        const moved = fence.move('b')
        await expect(fence.record('a')).rejects.toMatchObject({
          code: 'SWITCH_FAILED',
          message: expect.stringContaining('without a pause'),
        })
        await moved
        expect(await fence.read()).toEqual({ state: 'moved', id: 'b' })
      },
    )
  })
})
