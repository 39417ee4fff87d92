import { invalidData } from '../invalid-data'

/** A value has up to 16 Mi characters, each of which JSON may write as six. */
const MAX_LINE_BYTES = 112 * 1024 * 1024
const LINE_FEED = 10

/** A line with the line feed at its end, which only the last one may lack. */
export type Line = { bytes: Uint8Array; number: number }

/** Cuts bytes into lines. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = []
  let length = 0
  let number = 1
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      pieces.push(chunk.subarray(start, end + 1))
      yield { bytes: join(pieces), number: number++ }
      pieces = []
      length = 0
      start = end + 1
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start))
    length += chunk.length - start
    if (length > MAX_LINE_BYTES) throw invalidData(`Line ${number} of the file is longer than any value may be.`)
  }
  if (pieces.length > 0) yield { bytes: join(pieces), number }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let position = 0
  for (const piece of pieces) {
    whole.set(piece, position)
    position += piece.length
  }
  return whole
}

export function decodeText(decoder: TextDecoder, bytes: Uint8Array, place: string, more = false): string {
  try {
    return decoder.decode(bytes, { stream: more })
  } catch (cause) {
    throw invalidData(`${place} holds bytes that are not UTF-8. Save the file as UTF-8, and import it again.`, {
      cause,
    })
  }
}
