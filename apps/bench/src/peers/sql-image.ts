import initSqlJs from 'sql.js'
import wasmUrl from 'sql.js/dist/sql-wasm-browser.wasm?url'
import type { Peer } from '../types'
import { raw } from './raw'

const IMAGE = 'image'
const LOCAL_ITEM = 'codeforge-sqlite-db'

type Keep = (image: Uint8Array) => Promise<unknown> | void

/** What one does with sql.js and IndexedDB: after each write the whole database is exported and stored there, as bytes. */
export const sqlImage: Peer = exporting('export to IndexedDB', async (database) => {
  const images = await raw.open(database)
  return (image) => images.set(IMAGE, image)
})

/**
 * What the original system did: after each write the whole database is exported and stored in localStorage, as a JSON list of
 * bytes. More than about 5 million characters of it throw.
 */
export const sqlLocalStorage: Peer = exporting(
  'export to localStorage',
  async () => (image) => localStorage.setItem(LOCAL_ITEM, JSON.stringify(Array.from(image))),
)

function exporting(name: string, openKeep: (database: string) => Promise<Keep>): Peer {
  return {
    name,
    async open(database) {
      const sqlJs = await initSqlJs({ locateFile: () => wasmUrl })
      const keep = await openKeep(database)
      const db = new sqlJs.Database()
      db.run('CREATE TABLE items (key TEXT PRIMARY KEY, value TEXT)')
      const put = (key: string, value: unknown) =>
        db.run('INSERT OR REPLACE INTO items VALUES (?, ?)', [key, JSON.stringify(value)])
      return {
        get: async (key) => db.exec('SELECT value FROM items WHERE key = ?', [key])[0]?.values[0]?.[0],
        async set(key, value) {
          put(key, value)
          await keep(db.export())
        },
        async clear() {
          db.run('DELETE FROM items')
          await keep(db.export())
        },
        count: async () => db.exec('SELECT count(*) FROM items')[0]?.values[0]?.[0] as number,
        async setMany(entries) {
          for (const [key, value] of entries) put(key, value)
          await keep(db.export())
        },
      }
    },
  }
}
