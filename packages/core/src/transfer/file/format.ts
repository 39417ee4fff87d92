/*
 * A file of ours is JSON Lines in UTF-8: a header, a line for each key, a trailer. The trailer's checksum is the SHA-256 of all
 * that comes before it, so that `head -n -1 file | sha256sum` finds it too.
 */

export const FORMAT = 'unified-storage'
export const FORMAT_VERSION = 1

/** The first line; `app` is the storage's name, `codec` the version of the encoding of rich values. */
export type Header = { format: typeof FORMAT; version: number; app: string; count: number; codec: number }
export type EntryLine = { key: string; value: unknown }
export type Trailer = { end: typeof FORMAT; count: number; sha256: string }

export function toLine(part: Header | EntryLine | Trailer): string {
  return `${JSON.stringify(part)}\n`
}
