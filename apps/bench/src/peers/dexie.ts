import { Dexie } from 'dexie'
import type { Peer } from '../types'

export const dexie: Peer = {
  name: 'dexie',
  async open(database) {
    const db = new Dexie(database, { chromeTransactionDurability: 'relaxed' })
    db.version(1).stores({ items: '' })
    const items = db.table<unknown, string>('items')
    await db.open()
    return {
      get: (key) => items.get(key),
      set: (key, value) => items.put(value, key),
      clear: () => items.clear(),
      count: () => items.count(),
      setMany: (entries) =>
        items.bulkPut(
          entries.map(([, value]) => value),
          entries.map(([key]) => key),
        ),
      getMany: (keys) => items.bulkGet([...keys]),
      all: () => db.transaction('r', items, () => Promise.all([items.toArray(), items.toCollection().primaryKeys()])),
    }
  },
}
