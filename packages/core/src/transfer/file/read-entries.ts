import { invalidData } from '../invalid-data'
import { readFlatJson } from './flat-json'
import { type FileEntry, isOurs, readJsonLines, type ReadOptions } from './json-lines'
import { readBytes } from './read-bytes'

/** What a file holds, whichever of the known forms it has; rejects with `INVALID_DATA`, naming the place. */
export async function* readEntries(file: Blob, options: ReadOptions): AsyncGenerator<FileEntry> {
  const chunks = readBytes(file)
  const first = await chunks.next()
  if (first.done) throw invalidData('The file is empty. Choose a file that was exported.')
  yield* (isOurs(first.value) ? readJsonLines : readFlatJson)(startWith(first.value, chunks), options)
}

async function* startWith(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}
