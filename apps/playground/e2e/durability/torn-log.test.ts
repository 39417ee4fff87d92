import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { useBrowser } from '../support/browser.ts'
import { useFixture } from '../support/fixture.ts'
import { durableBackends } from './backends.ts'

describe('when a kill has left half a record at the end of the log of the browser', () => {
  const fixtureUrl = useFixture('durability')
  const browser = useBrowser()

  const ways = [...durableBackends.map((name) => [name, 'set'] as const), ['sqlite', 'sql'] as const]

  test.each(ways)('[O2] %s loses nothing, then and after the next start, with a write by %s', async (name, way) => {
    const address = `${fixtureUrl()}?backend=${name}`
    const first = await browser.openTab(address)
    await first.evaluate(() => window.durability.storage.set('first', 1))
    await browser.restart(tearLog)
    const second = await browser.openTab(address)
    expect(await second.evaluate(() => window.durability.storage.get('first'))).toBe(1)
    await second.evaluate(writeSecond, way)
    await browser.restart()
    const third = await browser.openTab(address)
    const stored = await third.evaluate(() => window.durability.storage.exportData())
    expect(stored).toEqual({ first: 1, second: 2 })
  })
})

async function writeSecond(way: 'set' | 'sql'): Promise<void> {
  const { storage } = window.durability
  if (way === 'set') await storage.set('second', 2)
  else await storage.sql('INSERT INTO items (key, value) VALUES (?, ?)', ['second', '2'])
}

/** The head of a whole record of 200 bytes, in LevelDB's format of logs, and 20 of its bytes. */
function tearLog(profile: string): void {
  const folder = join(profile, 'Default/IndexedDB')
  const database = readdirSync(folder).find((name) => name.endsWith('.leveldb'))
  if (!database) throw new Error('This browser keeps IndexedDB in another way.')
  const log = readdirSync(join(folder, database)).find((name) => name.endsWith('.log'))
  const head = Buffer.alloc(7)
  head.writeUInt32LE(0x12345678, 0)
  head.writeUInt16LE(200, 4)
  head.writeUInt8(1, 6)
  appendFileSync(join(folder, database, log ?? ''), Buffer.concat([head, Buffer.alloc(20, 7)]))
}
