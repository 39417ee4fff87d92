import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type FlaskServer, hasPython, useFlask } from './backends/flask/testing/flask-server'
import { createUnifiedStorage, type UnifiedStorage, type UnifiedStorageOptions } from './index'

const opened: UnifiedStorage[] = []
let typed: FlaskServer
let environment: FlaskServer

function open(options: UnifiedStorageOptions = {}): UnifiedStorage {
  const storage = createUnifiedStorage(options)
  opened.push(storage)
  return storage
}

beforeEach(async () => {
  typed = useFlask()
  environment = useFlask()
  vi.stubEnv('VITE_FLASK_BACKEND_URL', environment.url)
  await environment.setFault(null)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(opened.splice(0).map((storage) => storage.close()))
  for (const { name = '' } of await indexedDB.databases())
    if (name === 'unified-storage' || name.endsWith('/default')) await deleteDB(name)
  localStorage.clear()
})

describe.skipIf(!hasPython)('switchToFlask() without an address', () => {
  test('[X9] [S7] with a typed address active it does nothing, whatever the environment says', async () => {
    const storage = open({ prefer: 'indexeddb' })
    await storage.set('key', 1)
    await storage.switchToFlask(typed.url)
    await environment.setFault(null)
    expect(await storage.switchToFlask()).toMatchObject({ from: 'flask', to: 'flask', keys: 0 })
    expect(await storage.switchTo('flask')).toMatchObject({ keys: 0 })
    expect(storage.getState()).toMatchObject({ backend: 'flask', url: typed.url })
    expect(await environment.setFault(null)).toBe(0)
    await storage.clear()
  })

  test('[X9] [S7] so it is in a tab that opens what was typed in another', async () => {
    const name = crypto.randomUUID()
    await open({ name }).switchToFlask(typed.url)
    const storage = open({ name, flaskUrl: environment.url })
    await storage.switchToFlask()
    expect(storage.getState()).toMatchObject({ backend: 'flask', url: typed.url })
  })

  test('[X9] a storage of another name stays at its typed address, and does not go to this computer', async () => {
    const storage = open({ name: crypto.randomUUID() })
    await storage.switchToFlask(typed.url)
    expect(await storage.switchToFlask()).toMatchObject({ keys: 0 })
    expect(storage.getState().url).toBe(typed.url)
  })

  test('[D2] while another backend is active it goes where the environment says', async () => {
    const storage = open({ prefer: 'indexeddb' })
    await storage.switchToFlask()
    expect(storage.getState()).toMatchObject({ backend: 'flask', url: environment.url })
    await storage.clear()
  })

  test('[X9] [S7] another address that is said is a switch', async () => {
    const storage = open({ name: crypto.randomUUID() })
    await storage.switchToFlask(typed.url)
    await storage.switchToFlask(environment.url)
    expect(storage.getState().url).toBe(environment.url)
  })
})
