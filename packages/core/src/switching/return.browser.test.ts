import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AdapterFactory } from '../adapter'
import { sparkKVBackend } from '../backends/spark-kv/index'
import type { UnifiedStorage } from '../types'
import { createSubject, remoteBackend, type Subject } from './switching.test.helpers'

let subject: Subject

beforeEach(async () => {
  subject = await createSubject()
})
afterEach(() => subject.close())

const places: [name: string, factory: AdapterFactory][] = [
  ['remote', remoteBackend],
  ['sparkkv', sparkKVBackend],
]

describe.each(places)('back to %s, which others use as well', (place, factory) => {
  /** Another device. */
  async function change(values: Record<string, unknown>): Promise<void> {
    const adapter = await factory({ name: subject.name, durability: 'relaxed' })
    const writes = Object.entries(values).map(([key, value]) =>
      value === undefined
        ? { type: 'delete' as const, key }
        : { type: 'set' as const, key, value, bytes: 10, isJson: true },
    )
    await adapter.transact('readwrite', [], () => writes)
    await adapter.close()
  }

  async function leave(): Promise<UnifiedStorage> {
    const storage = subject.open(place)
    await storage.setMany(Object.entries({ kept: 1, edited: 'there', gone: new Date(0) }))
    await storage.switchToIndexedDB()
    return storage
  }

  test('[S2] undoSwitch takes along what was edited and deleted since', async () => {
    const storage = await leave()
    await storage.set('edited', 'here')
    await storage.delete('gone')
    expect(await storage.undoSwitch()).toMatchObject({ to: place, keys: 2, conflicts: 0 })
    expect(await storage.exportData()).toEqual({ kept: 1, edited: 'here' })
  })

  test('[S2] so does a second time, and a switch of the same name', async () => {
    const storage = await leave()
    await storage.set('edited', 'here')
    await storage.undoSwitch()
    await storage.undoSwitch()
    await storage.set('edited', 'once more')
    await storage.switchTo(place)
    expect(await storage.get('edited')).toBe('once more')
  })

  test('[S2] [S5] what others changed there meanwhile is a conflict, and nothing else is', async () => {
    const storage = await leave()
    await change({ edited: 'by others', gone: 'by others', more: 'by others' })
    await storage.setMany(Object.entries({ kept: 2, edited: 'here' }))
    await storage.delete('gone')
    await expect(storage.undoSwitch()).rejects.toMatchObject({ code: 'CONFLICT', keys: ['edited'] })
    expect(await storage.exportData()).toEqual({ kept: 2, edited: 'here' })
    expect(await storage.undoSwitch({ onConflict: 'keep-source' })).toMatchObject({ conflicts: 1 })
    expect(await storage.exportData()).toEqual({ kept: 2, edited: 'here', gone: 'by others', more: 'by others' })
    expect(await storage.sync.conflicts()).toMatchObject([{ key: 'edited', mine: 'here', theirs: 'by others' }])
  })

  test('[S3] [S6] a return that is cancelled leaves there what was there', async () => {
    const storage = await leave()
    await storage.set('edited', 'here')
    await storage.delete('gone')
    const stop = new AbortController()
    const onProgress = ({ phase }: { phase: string }): void => void (phase === 'commit' && stop.abort())
    await expect(storage.undoSwitch({ signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'ABORTED' })
    const adapter = await factory({ name: subject.name, durability: 'relaxed' })
    await adapter.transact('readonly', 'all', (current) => {
      expect(Object.fromEntries(current)).toEqual({ kept: 1, edited: 'there', gone: new Date(0) })
      return []
    })
    await adapter.close()
    await storage.undoSwitch()
    expect(await storage.exportData()).toEqual({ kept: 1, edited: 'here' })
  })
})
