import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ChangeEvent, createUnifiedStorage, type UnifiedStorage } from '../index'

describe.each(['indexeddb', 'sqlite'])('%s: a page that comes back from the back-forward cache', (backend) => {
  let name: string
  let storage: UnifiedStorage

  beforeEach(async () => {
    name = crypto.randomUUID()
    storage = createUnifiedStorage({ name, prefer: backend })
    await storage.set('n', 1)
  })
  afterEach(() => storage.close())

  test('[O6] reads again what it watches, and subscribers are told to', async () => {
    const heard: ChangeEvent[] = []
    storage.subscribe((event) => heard.push(event))
    const shown = new Promise((resolve) => storage.watch('n', (value, event) => resolve([value, event.type])))
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    expect(await shown).toEqual([1, 'reload'])
    expect(heard).toEqual([{ type: 'reload', origin: 'tab' }])
  })

  test('a page that was loaded in the ordinary way is told nothing', async () => {
    const heard: ChangeEvent[] = []
    storage.subscribe((event) => heard.push(event))
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
    await storage.set('n', 2)
    expect(heard).toEqual([{ type: 'set', key: 'n', origin: 'local' }])
  })
})
