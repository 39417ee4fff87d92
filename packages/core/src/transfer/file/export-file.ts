import type { Entry, StorageAdapter } from '../../adapter'
import { CODEC_VERSION, encodeValue, encodeWithoutBlobs } from '../../codec/encode'
import { surveyValue } from '../../codec/survey'
import { StorageError } from '../../errors'
import type { ExportFileOptions, Progress } from '../../types'
import { checkValue } from '../../values'
import { assertWanted } from '../invalid-data'
import { createPace } from '../../pace'
import { Sha256 } from '../../codec/sha256'
import { FORMAT, FORMAT_VERSION, type Header, toLine } from './format'
import { readSlices } from './read-bytes'

const PART_LENGTH = 1024 * 1024
/** What is read and written at once holds the page up for some milliseconds. */
const PAGE_BYTES = 1024 * 1024
const MOST_IN_A_PAGE = 500
const LEAST_IN_A_PAGE = 16

/** Lines that are written, which the browser keeps outside the page's memory, or a value whose blobs have to be read first. */
type Part = Blob | { key: string; value: unknown }

type Collected = { parts: Part[]; count: number }

export function assertExportOptions({ prefixes, compress }: ExportFileOptions): void {
  const isList = prefixes === undefined || (Array.isArray(prefixes) && prefixes.every((one) => typeof one === 'string'))
  if (!isList) throw new StorageError('INVALID_OPTION', 'The option "prefixes" must be a list of strings.')
  if (compress !== undefined && typeof compress !== 'boolean') {
    throw new StorageError('INVALID_OPTION', 'The option "compress" must be true or false.')
  }
  if (!compress || typeof CompressionStream !== 'undefined') return
  throw new StorageError('UNSUPPORTED', 'This browser cannot pack files. Export without the option "compress".')
}

/** Reads what is to be exported, in one transaction, so that the file shows one moment; gives what makes the file of it. */
export async function collectFile(
  adapter: StorageAdapter,
  name: string,
  options: ExportFileOptions,
): Promise<() => Promise<Blob>> {
  assertExportOptions(options)
  const collected = await collect(adapter, options)
  return () => finishFile(collected, name, options)
}

async function collect(
  adapter: StorageAdapter,
  { prefixes, signal, onProgress }: ExportFileOptions,
): Promise<Collected> {
  const isChosen = (key: string): boolean => !prefixes || prefixes.some((prefix) => key.startsWith(prefix))
  const { pageSize, total } = await planPages(adapter, isChosen)
  const writer = new Writer()
  await adapter.scan({ prefix: prefixes?.length === 1 ? (prefixes[0] ?? '') : '', pageSize }, (page) => {
    if (signal?.aborted) return false
    for (const entry of page) if (isChosen(entry[0])) writer.add(entry)
    onProgress?.({ phase: 'read', ...writer.progress(total) })
    return true
  })
  assertWanted(signal, 'export')
  return writer.end()
}

/** Pages of large values hold few of them, where the backend knows sizes. */
async function planPages(
  adapter: StorageAdapter,
  isChosen: (key: string) => boolean,
): Promise<{ pageSize: number; total: number }> {
  const sizes = (await adapter.stats?.sizes())?.filter(({ key }) => isChosen(key)) ?? []
  const largest = sizes.reduce((most, { bytes }) => Math.max(most, bytes), 1)
  const pageSize = Math.min(MOST_IN_A_PAGE, Math.max(LEAST_IN_A_PAGE, Math.floor(PAGE_BYTES / largest)))
  return { pageSize: adapter.stats ? pageSize : LEAST_IN_A_PAGE, total: sizes.length }
}

/** Writes lines while the transaction is open: synchronously, and a part at a time out of the page's memory. */
class Writer {
  readonly #parts: Part[] = []
  #lines: string[] = []
  #length = 0
  #bytes = 0
  #count = 0

  add([key, value]: Entry): void {
    const { isJson, bytes } = checkValue(value, key)
    this.#count += 1
    this.#bytes += bytes
    if (!isJson && surveyValue(value).blobs.length > 0) {
      this.#cut()
      this.#parts.push({ key, value })
      return
    }
    const line = toLine({ key, value: encodeWithoutBlobs(value, isJson) })
    this.#lines.push(line)
    this.#length += line.length
    if (this.#length >= PART_LENGTH) this.#cut()
  }

  progress(total: number): Omit<Progress, 'phase'> {
    return { done: this.#count, total: Math.max(total, this.#count), bytes: this.#bytes }
  }

  end(): Collected {
    this.#cut()
    return { parts: this.#parts, count: this.#count }
  }

  #cut(): void {
    if (this.#lines.length > 0) this.#parts.push(new Blob(this.#lines))
    this.#lines = []
    this.#length = 0
  }
}

/** Reads the values with blobs, adds up the checksum, and packs. */
async function finishFile({ parts, count }: Collected, name: string, options: ExportFileOptions): Promise<Blob> {
  const hash = new Sha256()
  const pace = createPace()
  const header: Header = { format: FORMAT, version: FORMAT_VERSION, app: name, count, codec: CODEC_VERSION }
  const written: Blob[] = []
  let bytes = 0
  for (const part of [new Blob([toLine(header)]), ...parts]) {
    assertWanted(options.signal, 'export')
    const blob = part instanceof Blob ? part : await writeLine(part)
    for await (const chunk of readSlices(blob)) {
      hash.update(chunk)
      await pace()
    }
    written.push(blob)
    bytes += blob.size
    options.onProgress?.({ phase: 'write', done: written.length, total: parts.length + 1, bytes })
  }
  written.push(new Blob([toLine({ end: FORMAT, count, sha256: hash.hex() })]))
  const file = new Blob(written, { type: 'application/x-ndjson' })
  return options.compress ? compress(file, options.signal) : file
}

async function writeLine({ key, value }: Exclude<Part, Blob>): Promise<Blob> {
  return new Blob([toLine({ key, value: await encodeValue(value, false) })])
}

/** Packs into parts, each of which leaves the page's memory as soon as it is made. */
async function compress(file: Blob, signal: AbortSignal | undefined): Promise<Blob> {
  const reader = file.stream().pipeThrough(new CompressionStream('gzip')).getReader()
  const parts: Blob[] = []
  let chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    assertWanted(signal, 'export')
    chunks.push(read.value)
    length += read.value.length
    if (length < PART_LENGTH) continue
    parts.push(new Blob(chunks))
    chunks = []
    length = 0
  }
  return new Blob([...parts, ...chunks], { type: 'application/gzip' })
}
