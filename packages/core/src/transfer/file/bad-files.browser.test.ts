import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createUnifiedStorage, type UnifiedStorage } from '../../index'

let storage: UnifiedStorage
beforeEach(async () => {
  storage = createUnifiedStorage({ name: crypto.randomUUID() })
  await storage.set('kept', 1)
})
afterEach(() => storage.close())

const utf16 = (text: string): Uint16Array<ArrayBuffer> => Uint16Array.from(`\ufeff${text}`, (c) => c.charCodeAt(0))
const deep = (depth: number): string => `{"k":${'['.repeat(depth)}${']'.repeat(depth)}}`
const header = '{"format":"unified-storage","version":1,"app":"a","count":1,"codec":1}\n'

const BAD_FILES: [what: string, file: BlobPart, message: RegExp][] = [
  ['an empty file', '', /The file is empty/],
  ['white space', ' \n', /The file is empty/],
  ['no JSON', 'hello', /must hold a JSON object/],
  ['an array', '[1]', /must hold a JSON object/],
  ['UTF-16', utf16('{"a":1}'), /UTF-16.*UTF-8/],
  ['bytes that are no text', new Uint8Array([0x7b, 0x22, 0xff, 0x22]), /not UTF-8/],
  ['a value that is cut off', '{"a":1,"b":[1,', /cut off.*"a"/],
  ['an object that is not closed', '{"a":1', /cut off/],
  ['text after its end', '{"a":1} x', /What follows the key "a" is not JSON/],
  ['a value that is not JSON', '{"a":1,"b":nope}', /The key "b" has a value that is not JSON/],
  ['a missing comma', '{"a":1 "b":2}', /What follows the key "a" is not JSON/],
  ['a key that comes twice', '{"a":1,"b":2,"a":3}', /the key "a" comes twice/],
  ['a name that comes twice in a value', '{"k":{"x":1,"\\u0078":2}}', /The key "k": the name "x" comes twice/],
  ['an integer that is too long', '{"id":[12345678901234567890]}', /The key "id".*12345678901234567890.*as text/],
  ['a number that is too large', '{"n":1e999}', /The key "n".*1e999.*larger/],
  ['JSON that is too deep', deep(501), /The key "k": it is nested deeper than 500 levels/],
  ['a value that is too deep', deep(101), /"k".*nested deeper than 100/],
  ['an empty key', '{"":1}', /the key "" is empty/],
  ['a header and no more', header, /cut off/],
  ['a header that is cut off', header.slice(0, 50), /cut off/],
  ['a line that is cut off', `${header}{"key":"a","va`, /cut off/],
  ['no last line', `${header}{"key":"a","value":1}\n`, /cut off/],
  ['a line that is not JSON', `${header}nope\n`, /Line 2 of the file is not JSON/],
  ['a newer version', header.replace('"version":1', '"version":2'), /newer version.*Reload/],
  ['a newer encoding', header.replace('"codec":1', '"codec":2'), /newer version.*Reload/],
  ['a wrong count', `${header}{"end":"unified-storage","count":1,"sha256":""}\n`, /holds 0/],
  [
    'a wrong checksum',
    `${header}{"key":"a","value":1}\n{"end":"unified-storage","count":1,"sha256":"00"}\n`,
    /changed since it was exported/,
  ],
  ['a long integer in a line', `${header}{"key":"a","value":9007199254740993}\n`, /Line 2.*9007199254740993/],
  ['a value of a newer encoding', '{"a":{"$us":99,"value":1}}', /"a".*newer version/],
]

test.each(BAD_FILES)('[T3] %s is refused in words, and nothing changes', async (_what, part, message) => {
  const failure: unknown = await storage.importFile(new Blob([part])).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'INVALID_DATA', message: expect.stringMatching(message) as string })
  expect({ ...(await storage.exportData()) }).toEqual({ kept: 1 })
  await expect(storage.undoImport()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('[T3] what is no file is refused', async () => {
  await expect(storage.importFile('{"a":1}' as never)).rejects.toMatchObject({ code: 'INVALID_DATA' })
})

test('[T3] a packed file that was cut off, and one that unpacks to far more than it is, are refused', async () => {
  const packed = await pack(new Blob(['{"a":1,"b":"some longer text to cut in the middle of"}']))
  await expect(storage.importFile(packed.slice(0, packed.size - 12))).rejects.toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringMatching(/gzip.*cut off/) as string,
  })
  const zeros = new Blob(Array.from({ length: 101 }, () => '0'.repeat(1024 * 1024)))
  const bomb = await pack(new Blob(['{"a":"', zeros, '"}']))
  await expect(storage.importFile(bomb)).rejects.toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringMatching(/200 times its size/) as string,
  })
  expect(await storage.keys()).toEqual(['kept'])
})

test('[E1] a browser that cannot pack or unpack says so, before anything is read', async () => {
  const packed = await pack(new Blob(['{"a":1}']))
  vi.stubGlobal('DecompressionStream', undefined)
  vi.stubGlobal('CompressionStream', undefined)
  const unsupported = { name: 'StorageError', code: 'UNSUPPORTED' }
  const onProgress = vi.fn()
  await expect(storage.importFile(packed)).rejects.toMatchObject(unsupported)
  await expect(storage.exportFile({ compress: true, onProgress })).rejects.toMatchObject(unsupported)
  vi.unstubAllGlobals()
  expect(onProgress).not.toHaveBeenCalled()
  expect(await storage.keys()).toEqual(['kept'])
})

test.each([
  ['a plain object', '{"a": {"b": [1, -0, 1.5e3]}, "c" : "x\\"y"}\n'],
  ['one with a byte order mark', '\ufeff{"a": {"b": [1, -0, 1.5e3]}, "c" : "x\\"y"}'],
])('[T2] %s is imported', async (_what, text) => {
  for (const file of [new Blob([text]), await pack(new Blob([text]))]) {
    await storage.clear()
    await storage.importFile(file)
    expect({ ...(await storage.exportData()) }).toMatchObject({ c: 'x"y' })
    expect(await storage.get('a')).toEqual({ b: [1, -0, 1500] })
  }
})

test('[X12] [T3] a bad value among many good ones stops an import before the first write', async () => {
  const good = Array.from({ length: 2_000 }, (_, index) => `"n${index}":${index}`).join()
  await expect(storage.importFile(new Blob([`{${good},"bad":1e999}`]))).rejects.toMatchObject({ code: 'INVALID_DATA' })
  expect(await storage.keys()).toEqual(['kept'])
})

function pack(file: Blob): Promise<Blob> {
  return new Response(file.stream().pipeThrough(new CompressionStream('gzip'))).blob()
}
