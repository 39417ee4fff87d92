import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StorageAdapter } from './adapter'
import { createUnifiedStorage, StorageError, type UnifiedStorage } from './index'

/** A backend whose reads and news a test holds in its hand. */
function createControlledBackend() {
  const items = new Map<string, unknown>()
  const reads: { release: () => void; fail: (error: Error) => void }[] = []
  let announce: (keys: string[]) => void = () => undefined
  const adapter: StorageAdapter = {
    name: 'controlled',
    persistent: true,
    async transact(_mode, keys, compute) {
      const current = new Map([...items].filter(([key]) => keys.includes(key)))
      if (held) await new Promise<void>((release, fail) => reads.push({ release, fail }))
      for (const write of compute(current)) if (write.type === 'set') items.set(write.key, write.value)
      if (answersHeld) await new Promise<void>((release) => answers.push(release))
    },
    scan: async () => undefined,
    keys: async () => [...items.keys()],
    close: async () => undefined,
    changes: {
      subscribe(listener) {
        announce = (keys) => listener(keys.map((key) => ({ type: 'set', key, origin: 'tab' })))
        return () => undefined
      },
      publish() {
        if (publishFails) throw new Error('no channel')
      },
    },
  }
  const answers: (() => void)[] = []
  let held = false
  let answersHeld = false
  let publishFails = false
  return {
    adapter,
    reads,
    answers,
    hold: (hold: boolean) => (held = hold),
    holdAnswers: (hold: boolean) => (answersHeld = hold),
    failPublish: () => (publishFails = true),
    commitElsewhere(key: string, value: unknown) {
      items.set(key, value)
      announce([key])
    },
  }
}

let backend: ReturnType<typeof createControlledBackend>
let storage: UnifiedStorage
let seen: unknown[]

beforeEach(async () => {
  backend = createControlledBackend()
  storage = createUnifiedStorage({ prefer: 'controlled', backends: { controlled: async () => backend.adapter } })
  seen = []
  storage.watch('a', (value) => seen.push(value))
  await storage.get('a')
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('[O6] a watcher ends on a write made here, though a re-read of older news shares its transaction', async () => {
  backend.commitElsewhere('a', 'theirs')
  await storage.set('a', 'mine')
  await vi.waitFor(() => expect(seen.at(-1)).toBe('mine'))
  await storage.get('a')
  expect(seen.at(-1)).toBe('mine')
})

test('[O6] news that comes before the answer to a write made here is not lost', async () => {
  backend.holdAnswers(true)
  const saving = storage.set('a', 'mine')
  await vi.waitFor(() => expect(backend.answers).toHaveLength(1))
  backend.holdAnswers(false)
  backend.commitElsewhere('a', 'theirs')
  backend.answers[0]?.()
  await saving
  await vi.waitFor(() => expect(seen).toEqual(['mine', 'theirs']))
})

test('[O6] news that comes during a re-read is read too', async () => {
  backend.hold(true)
  backend.commitElsewhere('a', 1)
  await vi.waitFor(() => expect(backend.reads).toHaveLength(1))
  backend.commitElsewhere('a', 2)
  backend.hold(false)
  backend.reads[0]?.release()
  await vi.waitFor(() => expect(seen.at(-1)).toBe(2))
})

test('[E2] a re-read that fails is tried again, and nothing is delivered meanwhile', async () => {
  const uncaught = vi.fn()
  vi.stubGlobal('queueMicrotask', (task: () => void) => {
    try {
      task()
    } catch (error) {
      uncaught(error)
    }
  })
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const failure = new StorageError('UNAVAILABLE', 'Not now.')
  backend.hold(true)
  backend.commitElsewhere('a', 1)
  await vi.waitFor(() => expect(backend.reads).toHaveLength(1))
  backend.hold(false)
  backend.reads[0]?.fail(failure)
  await vi.waitFor(() => expect(uncaught).toHaveBeenCalledWith(failure))
  expect(seen).toEqual([])
  await vi.advanceTimersByTimeAsync(1_001)
  expect(seen).toEqual([1])
})

test('[O2] a commit whose news cannot be sent is still a commit', async () => {
  const uncaught = vi.fn()
  vi.stubGlobal('queueMicrotask', (task: () => void) => {
    try {
      task()
    } catch (error) {
      uncaught((error as Error).message)
    }
  })
  backend.failPublish()
  await expect(storage.set('a', 1)).resolves.toBeUndefined()
  expect(uncaught).toHaveBeenCalledWith('no channel')
})

test('[E1] a bad key in watch is reported to the page, and silences nobody', async () => {
  const uncaught = vi.fn()
  vi.stubGlobal('queueMicrotask', (task: () => void) => {
    try {
      task()
    } catch (error) {
      uncaught((error as StorageError).code)
    }
  })
  storage.watch('', () => undefined)
  expect(uncaught).toHaveBeenCalledWith('INVALID_KEY')
  backend.commitElsewhere('a', 5)
  await vi.waitFor(() => expect(seen).toEqual([5]))
})
