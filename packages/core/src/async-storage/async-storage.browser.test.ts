import { describe, expect, test, vi } from 'vitest'
import { failNextRead, openTabs } from './bridge.test.helpers'

const tabs = openTabs()

describe('an AsyncStorage on a storage', () => {
  test('[O1] keeps text, and says null for what is absent', async () => {
    const { bridge } = tabs.open()
    expect(await bridge.getItem('a')).toBeNull()
    await bridge.setItem('a', '')
    expect(await bridge.getItem('a')).toBe('')
    await bridge.removeItem('a')
    expect(await bridge.getItem('a')).toBeNull()
  })

  test('[E2] a key that holds something else than text is not taken for absent', async () => {
    const { storage, bridge } = tabs.open()
    await storage.set('a', { not: 'text' })
    await expect(bridge.getItem('a')).rejects.toMatchObject({ code: 'INVALID_VALUE', key: 'a' })
    await expect(bridge.setItem('a', 'default')).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'a' })
    expect(await storage.get('a')).toEqual({ not: 'text' })
  })

  test('[V3] something else than text is not written', async () => {
    const { storage, bridge } = tabs.open()
    await expect(bridge.setItem('a', 5 as any)).rejects.toMatchObject({ code: 'INVALID_VALUE', key: 'a' })
    await expect(bridge.setItem('a', undefined as any)).rejects.toMatchObject({ code: 'INVALID_VALUE', key: 'a' })
    expect(await storage.has('a')).toBe(false)
  })

  test('[E2] a key that could not be read is neither written nor removed, until it was read', async () => {
    const tab = tabs.open()
    await tab.bridge.setItem('a', 'kept')
    const cause = failNextRead(tab)
    await expect(tab.bridge.getItem('a')).rejects.toBe(cause)
    await expect(tab.bridge.setItem('a', 'default')).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'a', cause })
    await expect(tab.bridge.removeItem('a')).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'a', cause })
    await tab.bridge.setItem('b', 'another key')
    expect(await tab.bridge.getItem('a')).toBe('kept')
    await tab.bridge.setItem('a', 'new')
    expect(await tab.bridge.getItem('a')).toBe('new')
  })

  test('[O6] subscribers hear of other tabs and of whole-storage changes, and not of themselves', async () => {
    const here = tabs.open()
    const there = tabs.open()
    const heard = vi.fn<(value: string | null) => void>()
    const unsubscribe = here.bridge.subscribe('a', heard)
    await Promise.all([here.bridge.setItem('a', 'mine'), here.bridge.setItem('a', 'mine too')])
    await there.bridge.setItem('a', 'theirs')
    await expect.poll(() => heard.mock.calls).toEqual([['theirs']])
    await here.bridge.removeItem('a')
    await here.storage.importData({ a: 'imported' })
    await here.storage.clear()
    expect(heard.mock.calls).toEqual([['theirs'], ['imported'], [null]])
    unsubscribe()
    await here.storage.set('a', 'unheard')
    expect(heard).toHaveBeenCalledTimes(3)
  })
})
