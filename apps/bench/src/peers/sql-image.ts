import initSqlJs from 'sql.js'
import wasmUrl from 'sql.js/dist/sql-wasm-browser.wasm?url'
import type { Peer } from '../types'
import { raw } from './raw'

const IMAGE = 'image'

/** What one does with sql.js alone: after each write the whole database is exported and stored in IndexedDB. */
export const sqlImage: Peer = {
  name: 'export and store',
  async open(database) {
    const sqlJs = await initSqlJs({ locateFile: () => wasmUrl })
    const images = await raw.open(database)
    const db = new sqlJs.Database()
    db.run('CREATE TABLE items (key TEXT PRIMARY KEY, value TEXT)')
    const put = (key: string, value: unknown) =>
      db.run('INSERT OR REPLACE INTO items VALUES (?, ?)', [key, JSON.stringify(value)])
    const store = () => images.set(IMAGE, db.export())
    return {
      get: async (key) => db.exec('SELECT value FROM items WHERE key = ?', [key])[0]?.values[0]?.[0],
      async set(key, value) {
        put(key, value)
        await store()
      },
      async clear() {
        db.run('DELETE FROM items')
        await store()
      },
      count: async () => db.exec('SELECT count(*) FROM items')[0]?.values[0]?.[0] as number,
      async setMany(entries) {
        for (const [key, value] of entries) put(key, value)
        await store()
      },
    }
  },
}
