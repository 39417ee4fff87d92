/** A key and its new text; `null` removes the key. */
export type Change = [key: string, text: string | null]

/** One commit: everything removed first when `cleared`, then the changes in order. */
export type LogRecord = { cleared: boolean; changes: Change[] }

/** The same, as what happens to each key. */
export function toWrites({ cleared, changes }: LogRecord): { type: 'clear' | 'set' | 'delete'; key?: string }[] {
  const writes = changes.map(([key, text]) => ({ type: text === null ? ('delete' as const) : ('set' as const), key }))
  return cleared ? [{ type: 'clear' }, ...writes] : writes
}

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
