/** A key and its new text; `null` removes the key. */
export type Change = [key: string, text: string | null]

/** One commit: everything removed first when `cleared`, then the changes in order. */
export type LogRecord = { cleared: boolean; changes: Change[] }

const BYTES_EACH_CHANGE = 100
/** Many small records are slower to replay than their bytes are to read. */
const BYTES_EACH_RECORD = 1_000

/** What a record weighs in the decision to fold the log, in bytes. */
export function recordBytes({ changes }: LogRecord): number {
  return changes.reduce(
    (sum, [key, text]) => sum + BYTES_EACH_CHANGE + key.length + (text?.length ?? 0),
    BYTES_EACH_RECORD,
  )
}
