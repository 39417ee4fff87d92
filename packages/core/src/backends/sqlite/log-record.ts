/** A key and its new text; `null` removes the key. */
export type Change = [key: string, text: string | null]

/** One commit: everything removed first when `cleared`, then the changes in order. */
export type LogRecord = { cleared: boolean; changes: Change[] }

const BYTES_EACH = 100

/** The approximate size of a record where it is kept, in bytes. */
export function recordBytes({ changes }: LogRecord): number {
  return changes.reduce((sum, [key, text]) => sum + BYTES_EACH + key.length + (text?.length ?? 0), BYTES_EACH)
}
