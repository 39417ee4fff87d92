import { CODEC_VERSION } from '../../codec/encode'
import { isPlainObject } from '../snapshot'
import { invalidData } from '../invalid-data'
import { Sha256 } from '../../codec/sha256'
import { FORMAT, FORMAT_VERSION, type Header, type Trailer } from './format'
import { jsonProblem } from './json-text'
import { decodeText, readLines } from './read-lines'

/** A key and the JSON of its value as they stand in a file, unchecked, and where. */
export type FileEntry = { key: unknown; json: unknown; place: string }
export type ReadOptions = {
  /** Look for what JSON.parse hides, and check the checksum; once is enough. */
  verify: boolean
  /** Hears how many keys there should be, where the file says so. */
  onCount?: (count: number) => void
}

const CUT_OFF =
  'The file is cut off: its last line, which says that it is whole, is missing. Get it again, or export it again.'

/** Whether a file starts as ours do; a plain object may well have a key named "format". */
export function isOurs(start: Uint8Array): boolean {
  return new TextDecoder().decode(start.subarray(0, 100)).startsWith(`{"format":"${FORMAT}","version":`)
}

function parseHeader(line: string): Header {
  const header = parse(line, 'Line 1')
  if (typeof header.version !== 'number' || typeof header.count !== 'number') {
    throw invalidData('Line 1 of the file says neither its version nor how much it holds. Export it again.')
  }
  if (header.version > FORMAT_VERSION || Number(header.codec) > CODEC_VERSION) {
    throw invalidData('The file was written by a newer version of this app. Reload the page, and import it again.')
  }
  return header as Header
}

/** The entries of a file of ours, between header and trailer; checks what these say. */
export async function* readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  { verify, onCount }: ReadOptions,
): AsyncGenerator<FileEntry> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const hash = new Sha256()
  let header: Header | undefined
  let trailer: Trailer | undefined
  let count = 0
  for await (const { bytes, number } of readLines(chunks)) {
    const place = `Line ${number}`
    if (trailer) throw invalidData(`${place} comes after the line that ends the file. Import one file at a time.`)
    const text = decodeText(decoder, bytes, place)
    if (!header) {
      header = parseHeader(text)
      onCount?.(header.count)
    } else {
      if (verify) assertNoProblem(text, place)
      const line = parse(text, place)
      if (line.end === FORMAT) trailer = line as Trailer
      else {
        count += 1
        yield { key: line.key, json: line.value, place }
      }
    }
    if (verify && !trailer) hash.update(bytes)
  }
  if (!header || !trailer) throw invalidData(CUT_OFF)
  if (verify) assertWhole(header, trailer, count, hash.hex())
}

function assertWhole(header: Header, trailer: Trailer, count: number, sha256: string): void {
  if (trailer.count !== count || header.count !== count) {
    throw invalidData(
      `The file says that it holds ${trailer.count} keys, and holds ${count}. Get it again, or export it again.`,
    )
  }
  if (trailer.sha256 !== sha256) {
    throw invalidData(
      'The file was changed since it was exported: its checksum is another. Get it again, or export it again.',
    )
  }
}

function assertNoProblem(text: string, place: string): void {
  const problem = jsonProblem(text)
  if (problem) throw invalidData(`${place}: ${problem}.`)
}

function parse(text: string, place: string): Record<string, unknown> {
  const parsed = tryParse(text, place)
  if (isPlainObject(parsed)) return parsed
  throw invalidData(`${place} of the file is not a JSON object with a key and a value. Export it again.`)
}

function tryParse(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // A line that the file ends in the middle of.
    if (!text.endsWith('\n')) throw invalidData(CUT_OFF, { cause })
    throw invalidData(`${place} of the file is not JSON. Get it again, or export it again.`, { cause })
  }
}
