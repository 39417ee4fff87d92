import { expect } from 'vitest'
import type { ChangeEvent } from '../types'
import type { DefineTest } from './define-test'
import type { Open } from './open'

/** Rule O6. */
export function testEvents(test: DefineTest, open: Open): void {
  test('[O6] every write path emits the same events', async () => {
    const storage = open()
    const events: ChangeEvent[] = []
    storage.subscribe((event) => events.push(event))
    await storage.set('a', 1)
    await storage.setMany([['b', 1]])
    await storage.update('a', () => 2)
    await storage.delete('a')
    await storage.deleteMany(['b'])
    await storage.importData({ c: 1 })
    await storage.clear()
    await storage.get('a')
    expect(events).toEqual([
      { type: 'set', key: 'a', origin: 'local' },
      { type: 'set', key: 'b', origin: 'local' },
      { type: 'set', key: 'a', origin: 'local' },
      { type: 'delete', key: 'a', origin: 'local' },
      { type: 'delete', key: 'b', origin: 'local' },
      { type: 'set', key: 'c', origin: 'local' },
      { type: 'clear', origin: 'local' },
    ])
  })

  test('[O6] another instance of the same name hears of commits, and its watchers get the value', async () => {
    const name = crypto.randomUUID()
    const [here, there] = [open(name), open(name)]
    await there.get('a')
    const heard: unknown[] = []
    const delivered = new Promise((resolve) => there.watch('a', (value, event) => resolve([value, event])))
    there.subscribe((event) => heard.push(event))
    await here.set('a', { n: 1 })
    expect(await delivered).toEqual([{ n: 1 }, { type: 'set', key: 'a', origin: 'tab' }])
    expect(heard).toEqual([{ type: 'set', key: 'a', origin: 'tab' }])
  })

  test('[O2] a failed write emits nothing', async () => {
    const storage = open()
    const events: ChangeEvent[] = []
    storage.subscribe((event) => events.push(event))
    await expect(storage.update('a', () => Symbol('x'))).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    expect(events).toEqual([])
  })
}

/** Rule O6, of single keys. */
export function testWatch(test: DefineTest, open: Open): void {
  test('[O6] watch delivers the new value of its key, and stops when told', async () => {
    const storage = open()
    const seen: unknown[] = []
    const stop = storage.watch('a', (value, event) => seen.push([value, event.type]))
    await storage.set('a', { n: 1 })
    await storage.set('b', 2)
    await storage.delete('a')
    await storage.set('a', 3)
    await storage.clear()
    stop()
    await storage.set('a', 4)
    expect(seen).toEqual([
      [{ n: 1 }, 'set'],
      [undefined, 'delete'],
      [3, 'set'],
      [undefined, 'clear'],
    ])
  })

  test('[O6] what is cleared and written in one tick is told once a key, as it is afterwards', async () => {
    const storage = open()
    await storage.setMany(['kept', 'written', 'deleted'].map((key) => [key, 0]))
    const seen: unknown[] = []
    for (const key of ['kept', 'written', 'deleted', 'new'])
      storage.watch(key, (value, event) => seen.push([key, value, event.type]))
    await Promise.all([
      storage.set('new', 1),
      storage.clear(),
      storage.set('written', 2),
      storage.set('new', 3),
      storage.delete('deleted'),
    ])
    expect(seen).toHaveLength(4)
    expect(seen).toEqual(
      expect.arrayContaining([
        ['kept', undefined, 'clear'],
        ['written', 2, 'set'],
        ['new', 3, 'set'],
        ['deleted', undefined, 'delete'],
      ]),
    )
  })
}
