import { deleteDB, openDB } from 'idb'
import initSqlJs from 'sql.js'
import wasmUrl from 'sql.js/dist/sql-wasm-browser.wasm?url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SqlCapability, StorageAdapter } from '../../adapter'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'
import { sqliteBackend } from './index'

const LEGACY = 'codeforge-sqlite-db'

describe('sqlite: sql()', () => {
  let name: string
  let adapter: StorageAdapter
  let storage: UnifiedStorage
  let sql: SqlCapability

  beforeEach(async () => {
    name = crypto.randomUUID()
    adapter = await sqliteBackend({ name, durability: 'relaxed' })
    sql = adapter.sql as SqlCapability
    storage = createUnifiedStorage({ name, prefer: 'sqlite' })
    await storage.setMany([
      ['todo:1', { title: 'milk', done: false }],
      ['todo:2', { title: 'tea', done: true }],
      ['when', new Date(0)],
    ])
  })
  afterEach(async () => {
    await adapter.close()
    await storage.close()
  })

  test('[V4] it reads values as JSON, with parameters', async () => {
    const statement = `SELECT key, json_extract(value, '$.title') AS title FROM items WHERE json_extract(value, '$.done') = ?`
    expect(await sql.query(statement, [1])).toEqual({ rows: [{ key: 'todo:2', title: 'tea' }], changes: [] })
  })

  test('[O6] what it writes is committed, seen by others, and told to the caller', async () => {
    const update = `UPDATE items SET value = json_set(value, '$.done', json('true')) WHERE key LIKE 'todo:%'`
    expect((await sql.query(update, [])).changes).toEqual([
      ['todo:1', { title: 'milk', done: true }],
      ['todo:2', { title: 'tea', done: true }],
    ])
    expect(await storage.get('todo:1')).toEqual({ title: 'milk', done: true })
    expect((await sql.query(`DELETE FROM items WHERE key = 'when'`, [])).changes).toEqual([['when', undefined]])
    expect((await sql.query(`INSERT INTO items VALUES ('n', 7) RETURNING key`, [])).rows).toEqual([{ key: 'n' }])
    await sql.query(`REPLACE INTO items VALUES ('n', '[8]')`, [])
    expect(await storage.exportData()).toMatchObject({ n: [8], 'todo:2': { done: true } })
    expect(await storage.has('when')).toBe(false)
    await sql.query('DELETE FROM items', [])
    expect(await storage.keys()).toEqual([])
  })

  test('[O6] sql() of the storage tells subscribers and watchers, here and in other instances', async () => {
    const other = createUnifiedStorage({ name })
    const heard: unknown[] = []
    const seen: unknown[] = []
    const elsewhere = new Promise((resolve) => other.watch('todo:1', resolve))
    await other.get('todo:1')
    storage.subscribe((event) => heard.push(event))
    storage.watch('todo:1', (value) => seen.push(value))
    const rows = await storage.sql(`UPDATE items SET value = '"new"' WHERE key = ? RETURNING key`, ['todo:1'])
    expect(rows).toEqual([{ key: 'todo:1' }])
    expect(heard).toEqual([{ type: 'set', key: 'todo:1', origin: 'local' }])
    expect(seen).toEqual(['new'])
    expect(await elsewhere).toBe('new')
    await other.close()
  })

  test('[E1] sql() is UNSUPPORTED on another backend, and says what to do', async () => {
    const other = createUnifiedStorage({ name: crypto.randomUUID() })
    await expect(other.sql('SELECT 1')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await other.close()
  })

  test('[K2] renamed keys move, also awkward ones', async () => {
    for (const key of ['\uFEFFbom', 'nul\0x', '😀', "'; DROP TABLE items;--"]) {
      const { changes } = await sql.query(`UPDATE items SET key = ? WHERE key LIKE '%' AND value LIKE '%milk%'`, [key])
      expect(changes.map(([, value]) => value !== undefined)).toEqual([false, true])
      expect(await storage.get(key)).toEqual({ title: 'milk', done: false })
    }
    expect(await storage.keys()).toHaveLength(3)
  })

  test.each([
    ['CREATE TABLE mine (x)', 'UNSUPPORTED'],
    ['/* SELECT */ DROP TABLE items', 'UNSUPPORTED'],
    ['-- SELECT\n PRAGMA user_version = 3', 'UNSUPPORTED'],
    [`ATTACH ':memory:' AS other`, 'UNSUPPORTED'],
    ['BEGIN', 'UNSUPPORTED'],
    ['COMMIT', 'UNSUPPORTED'],
    ['RELEASE step', 'UNSUPPORTED'],
    ['VACUUM', 'UNSUPPORTED'],
    [`SELECT 1; DELETE FROM items`, 'UNSUPPORTED'],
    [`DELETE FROM items; COMMIT`, 'UNSUPPORTED'],
    [`DELETE FROM sqlite_schema`, 'INVALID_VALUE'],
    [`INSERT INTO nothing VALUES (1)`, 'INVALID_VALUE'],
    ['SELEC', 'UNSUPPORTED'],
    ['SELECT FROM', 'INVALID_VALUE'],
    ['', 'INVALID_VALUE'],
    [`UPDATE items SET value = 'not JSON' WHERE key = 'todo:2'`, 'INVALID_VALUE'],
    [`UPDATE items SET value = '{"$us":1,"value":{"$us":"nonsense"}}'`, 'INVALID_VALUE'],
    [`INSERT INTO items VALUES ('blob', X'00')`, 'INVALID_VALUE'],
    [`INSERT INTO items VALUES (CAST(X'FF' AS TEXT), '1')`, 'INVALID_VALUE'],
    [`INSERT INTO items VALUES ('', '1')`, 'INVALID_KEY'],
    [`INSERT INTO items VALUES (NULL, '1')`, 'INVALID_VALUE'],
    [`UPDATE items SET key = printf('%.1100c', 'x') WHERE key = 'todo:1'`, 'INVALID_KEY'],
  ])('%s is %s, and nothing changes', async (statement, code) => {
    const before = await storage.exportData()
    await expect(sql.query(statement, [])).rejects.toMatchObject({ name: 'StorageError', code })
    expect(await storage.exportData()).toEqual(before)
    const { rows } = await sql.query(`SELECT name FROM sqlite_schema WHERE type <> 'index'`, [])
    expect(rows).toEqual([{ name: 'items' }])
  })

  test('[O4] two tabs that count in SQL make 200', async () => {
    await storage.set('n', 0)
    const other = await sqliteBackend({ name, durability: 'relaxed' })
    const count = async (capability: SqlCapability): Promise<void> => {
      for (let round = 0; round < 100; round++) {
        await capability.query(`UPDATE items SET value = value + 1 WHERE key = 'n'`, [])
      }
    }
    await Promise.all([count(sql), count(other.sql as SqlCapability)])
    await other.close()
    expect(await storage.get('n')).toBe(200)
  })

  test('the exported file is a database that SQLite opens', async () => {
    const file = await storage.exportDatabase()
    const sqlJs = await initSqlJs({ locateFile: () => wasmUrl })
    const database = new sqlJs.Database(new Uint8Array(await file.arrayBuffer()))
    expect(database.exec('SELECT count(*) FROM items')[0]?.values).toEqual([[3]])
    database.close()
    expect(await storage.keys()).toHaveLength(3)
  })
})

describe('sqlite: what the original system left', () => {
  async function leave(rows: [string, string][]): Promise<void> {
    const sqlJs = await initSqlJs({ locateFile: () => wasmUrl })
    const database = new sqlJs.Database()
    database.run('CREATE TABLE keyvalue (key TEXT PRIMARY KEY, value TEXT NOT NULL)')
    for (const row of rows) database.run('INSERT INTO keyvalue VALUES (?, ?)', row)
    localStorage.setItem(LEGACY, JSON.stringify([...database.export()]))
    database.close()
  }

  async function forgetDefault(): Promise<void> {
    localStorage.clear()
    const records = await openDB('unified-storage', 2, {
      upgrade: (database, oldVersion) => void (oldVersion === 0 && database.createObjectStore('active')),
    })
    await records.delete('active', 'default')
    records.close()
    for (const name of ['sqlite', 'journal', 'set-aside']) await deleteDB(`unified-storage-${name}/default`)
  }

  beforeEach(forgetDefault)
  afterEach(forgetDefault)

  const open = (name?: string): UnifiedStorage =>
    createUnifiedStorage({ prefer: 'sqlite', ...(name !== undefined && { name }) })

  test('its image is adopted on first use by the default storage, kept, and not adopted again', async () => {
    await leave([
      ['todos', '[{"title":"milk"}]'],
      ['\uFEFF', '1'],
      ['tagged', '{"$us":1,"value":2}'],
    ])
    const storage = open()
    const expected = new Map<string, unknown>([
      ['todos', [{ title: 'milk' }]],
      ['\uFEFF', 1],
      ['tagged', { $us: 1, value: 2 }],
    ])
    expect(await storage.getMany([...expected.keys()])).toEqual(expected)
    await storage.clear()
    await storage.close()
    const again = open()
    expect(await again.keys()).toEqual([])
    await again.close()
    expect(localStorage.getItem(LEGACY)).not.toBeNull()
  })

  test('a storage of another name leaves it alone', async () => {
    await leave([['todos', '[]']])
    const storage = open(crypto.randomUUID())
    expect(await storage.keys()).toEqual([])
    await storage.close()
  })

  test.each([
    ['no list of bytes', '{}'],
    ['no database', '[1,2,3]'],
    ['no JSON', '[1,'],
  ])('[E2] an image that is %s is CORRUPT, not absent, and stays', async (_what, text) => {
    localStorage.setItem(LEGACY, text)
    const storage = open()
    await expect(storage.get('todos')).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'CORRUPT' } })
    await storage.close()
    expect(localStorage.getItem(LEGACY)).toBe(text)
  })
})
