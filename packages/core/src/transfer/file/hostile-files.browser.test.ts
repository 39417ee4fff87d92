import { afterEach, beforeEach, expect, test } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'

let storage: UnifiedStorage
beforeEach(async () => {
  storage = createUnifiedStorage({ name: crypto.randomUUID() })
  await storage.set('kept', 1)
})
afterEach(() => storage.close())

async function assertRefused(...parts: BlobPart[]): Promise<void> {
  const failure: unknown = await storage.importFile(new Blob(parts)).catch((error: unknown) => error)
  expect(failure, await new Blob(parts).text()).toMatchObject({ name: 'StorageError', code: 'INVALID_DATA' })
}

async function exportOf(data: Record<string, unknown>): Promise<Uint8Array<ArrayBuffer>> {
  const source = createUnifiedStorage({ name: crypto.randomUUID(), prefer: 'memory' })
  await source.setMany(Object.entries(data))
  const bytes = new Uint8Array(await (await source.exportFile()).arrayBuffer())
  await source.close()
  return bytes
}

test('[X12] [T3] a file that is cut off anywhere is refused', async () => {
  const file = await exportOf({ a: 1, 'b"\u{1f600}': { at: new Date(0) } })
  // Without its last line feed it is still whole.
  for (let length = 0; length < file.length - 1; length++) await assertRefused(file.subarray(0, length))
  expect(await storage.keys()).toEqual(['kept'])
})

test('[X12] [T3] a file in which any byte was changed is refused', async () => {
  const file = await exportOf({ a: 1, b: { at: new Date(0) } })
  for (let index = 0; index < file.length; index++) {
    const changed = file.slice()
    changed[index] = (changed[index] as number) ^ 1
    await assertRefused(changed)
  }
  expect(await storage.keys()).toEqual(['kept'])
})

test('[T3] lines that were added, doubled, or ended otherwise are refused', async () => {
  const text = new TextDecoder().decode(await exportOf({ a: 1, b: 2 }))
  const lines = text.split('\n')
  await assertRefused(lines.toSpliced(1, 0, lines[1] ?? '').join('\n'))
  await assertRefused(text.replaceAll('\n', '\r\n'))
  await assertRefused(text, '{}')
  await assertRefused(text, '\n')
  await assertRefused(text, text)
  await assertRefused(text.replace('"count":2', '"count":3'))
  await assertRefused(`${lines[0]}\n{"value":1}\n`, lines.slice(-2).join('\n'))
  expect(await storage.keys()).toEqual(['kept'])
})

test('[T3] what JavaScript would change, or cannot name, is refused', async () => {
  for (const value of ['9'.repeat(5_000), '-1e400', '[1e400]', '{"x":{"y":1,"y":1}}', '9007199254740993']) {
    await assertRefused(`{"k":${value}}`)
  }
  for (const key of ['\\ud800', '', 'x'.repeat(1_025)]) await assertRefused(`{"${key}":1}`)
  const utf16 = Uint16Array.from('{"a":1}', (character) => character.charCodeAt(0))
  await assertRefused(utf16)
  await assertRefused(Uint16Array.from(utf16, (unit) => (unit << 8) | (unit >> 8)))
})

test('[T3] packed files: one after another, and with something before or after, are refused', async () => {
  const packed = await pack(new Blob(['{"a":1}']))
  await assertRefused(packed, packed)
  await assertRefused(packed, 'x')
  await assertRefused('\ufeff', packed)
  expect(await storage.keys()).toEqual(['kept'])
})

test('[T2] names and values that could be taken for something else are imported as they are', async () => {
  const text =
    '{"__proto__":{"__proto__":1},"constructor":[-0],"tagged":{"$us":1,"value":{"$us":"object","entries":[["$us",1]]}},' +
    '"lone":"\\ud800"}'
  await storage.importFile(new Blob([text]), { mode: 'replace' })
  expect(await storage.keys()).toEqual(['__proto__', 'constructor', 'lone', 'tagged'])
  expect(Object.keys((await storage.get<object>('__proto__')) ?? {})).toEqual(['__proto__'])
  expect(await storage.get('constructor')).toEqual([-0])
  expect(await storage.get('lone')).toBe('\ud800')
  const again = await storage.exportFile({ compress: true })
  expect(await storage.importFile(again)).toMatchObject({ identical: 4, changed: 0, added: 0 })
})

test('[T2] a plain object may have a key named "format" first', async () => {
  await storage.importFile(new Blob(['{"format":"unified-storage","theme":"dark"}']))
  expect(await storage.getMany(['format', 'theme'])).toEqual(
    new Map([
      ['format', 'unified-storage'],
      ['theme', 'dark'],
    ]),
  )
})

test('[T2] an export of nothing replaces everything by nothing, which can be taken back', async () => {
  const nothing = new Blob([await exportOf({})])
  expect(await storage.importFile(nothing)).toMatchObject({ added: 0, removed: 0 })
  expect(await storage.importFile(nothing, { mode: 'replace' })).toMatchObject({ removed: 1 })
  expect(await storage.keys()).toEqual([])
  await storage.undoImport()
  expect(await storage.get('kept')).toBe(1)
})

test('[E1] a file that cannot be read any more rejects with INVALID_DATA', async () => {
  const file = new Blob(['{"a":1}'])
  const unreadable = Object.assign(file, {
    slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
  })
  await expect(storage.importFile(unreadable)).rejects.toMatchObject({ name: 'StorageError', code: 'INVALID_DATA' })
})

function pack(file: Blob): Promise<Blob> {
  return new Response(file.stream().pipeThrough(new CompressionStream('gzip'))).blob()
}
