import wasmUrl from 'sql.js/dist/sql-wasm-browser.wasm?url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { createSQLiteBackend, type SQLiteOptions } from './index'

describe('sqlite: where its WASM comes from', () => {
  const opened: UnifiedStorage[] = []

  function open(options: SQLiteOptions): UnifiedStorage {
    const backends = { sqlite: createSQLiteBackend(options) }
    const storage = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'sqlite', backends })
    opened.push(storage)
    return storage
  }

  function fetchedUrls(): () => string[] {
    const fetch = vi.spyOn(globalThis, 'fetch')
    return () => fetch.mock.calls.map(([input]) => new Request(input).url)
  }

  afterEach(async () => {
    vi.restoreAllMocks()
    await Promise.allSettled(opened.splice(0).map((storage) => storage.close()))
  })

  test('without the option it is fetched once, from where the code is', async () => {
    const fetched = fetchedUrls()
    await open({ worker: false }).set('n', 1)
    const [url, ...more] = fetched()
    expect(more).toEqual([])
    expect(new URL(url ?? '').origin).toBe(location.origin)
  })

  test('with the option "wasmUrl" it is fetched from there, and from nowhere else', async () => {
    const fetched = fetchedUrls()
    const address = `${wasmUrl}?elsewhere`
    const storage = open({ worker: false, wasmUrl: address })
    await storage.set('n', 1)
    expect(await storage.get('n')).toBe(1)
    expect(fetched()).toEqual([new URL(address, location.href).href])
  })

  test('a worker fetches it from there too, by the address as the page would read it', async () => {
    const fetched = fetchedUrls()
    const post = vi.spyOn(Worker.prototype, 'postMessage')
    const storage = open({ wasmUrl: relativeTo(document.baseURI, wasmUrl) })
    await storage.set('n', 1)
    expect(post).toHaveBeenCalled()
    expect(fetched()).toEqual([])
  })

  test.each([true, false])('[E1] an address without WebAssembly is named in the error (worker: %s)', async (worker) => {
    const storage = open({ worker, wasmUrl: 'no-such-file.wasm' })
    const message = expect.stringContaining(`from ${new URL('no-such-file.wasm', document.baseURI).href}.`) as string
    await storage.set('n', 1)
    expect(storage.getState().standIn?.error).toMatchObject({ code: 'UNAVAILABLE', backend: 'sqlite', message })
  })
})

function relativeTo(base: string, url: string): string {
  const depth = new URL(base).pathname.split('/').length - 2
  return `./${'../'.repeat(depth)}${url.replace(/^\//, '')}`
}
