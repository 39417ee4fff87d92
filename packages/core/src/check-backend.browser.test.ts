import { afterEach, describe, expect, test, vi } from 'vitest'
import { memoryBackend } from './backends/memory'
import { createUnifiedStorage } from './unified-storage'

const open = (options = {}) => createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'memory', ...options })

describe('checkBackend', () => {
  afterEach(() => void vi.unstubAllGlobals())

  test('[D3] what can be used here has no obstacle, and neither has what is only known once it is asked', async () => {
    const storage = open()
    for (const name of ['indexeddb', 'sqlite', 'flask', 'memory']) {
      expect(await storage.checkBackend(name), name).toBeUndefined()
    }
  })

  test('[D3] outside a Spark app it says what is missing', async () => {
    const error = await open().checkBackend('sparkkv')
    expect(error).toMatchObject({ code: 'UNSUPPORTED', backend: 'sparkkv' })
    expect(error?.message).toMatch(/window\.spark\.kv is missing/)
  })

  test('[D3] without IndexedDB it says so', async () => {
    vi.stubGlobal('indexedDB', undefined)
    expect(await open().checkBackend('indexeddb')).toMatchObject({ code: 'UNSUPPORTED', backend: 'indexeddb' })
  })

  test('[D3] without WebAssembly there is no SQLite, and it says what to allow', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    const error = await open().checkBackend('sqlite')
    expect(error).toMatchObject({ code: 'UNSUPPORTED', backend: 'sqlite' })
    expect(error?.message).toMatch(/wasm-unsafe-eval/)
  })

  test('[D3] a backend of the app takes the place of the one of that name', async () => {
    expect(await open({ backends: { sparkkv: memoryBackend } }).checkBackend('sparkkv')).toBeUndefined()
  })
})
