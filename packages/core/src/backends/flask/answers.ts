/** What the server answers, as far as it is used here; see apps/backend/api.ts for the whole. */

export type Item = { key: string; rev: number; deleted: boolean; value: string | null }
export type IndexItem = { key: string; bytes: number; updatedAt: number }
/** Where an answer stands in the space's history. */
type Moment = { epoch: string; head: number }
export type Page<Entry> = Moment & { next: string | null; items: Entry[] }

export type Health = { status: 'ok'; protocol: number }
export type Limits = {
  valueBytes: number
  transactionWrites: number
  transactionBytes: number
  pageItems: number
  indexItems: number
}
export type Session = { limits: Limits }
export type Space = Moment & { id: string }
export type Digest = Moment & { digest: string }
export type Wanted = Moment & { done: number; items: Item[] }
export type Changes = Moment & { next: number; more: boolean; items: Item[] }
export type TransactionResult = Moment & {
  status: 'applied' | 'conflict' | 'duplicate'
  since: number
  rev: number
  original?: 'applied' | 'conflict' | null
}

/** Whether an answer has the shape that its reader relies on. */
export type Check<Answer> = (json: unknown) => json is Answer

type Test = (value: unknown) => boolean

const isNumber: Test = (value) => typeof value === 'number'
const isText: Test = (value) => typeof value === 'string'
const isFlag: Test = (value) => typeof value === 'boolean'
const isTextOrNull: Test = (value) => value === null || typeof value === 'string'
const isOneOf =
  (...values: readonly unknown[]): Test =>
  (value) =>
    values.includes(value)
const isListOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test)

/** More members than these are fine: a newer server may tell more. */
function shape<Answer>(members: Record<string, Test>): Check<Answer> {
  const tests = Object.entries(members)
  return (json): json is Answer =>
    typeof json === 'object' &&
    json !== null &&
    tests.every(([name, test]) => test((json as Record<string, unknown>)[name]))
}

const moment = { epoch: isText, head: isNumber }
const item = { key: isText, rev: isNumber, deleted: isFlag, value: isTextOrNull }
const indexItem = { key: isText, bytes: isNumber, updatedAt: isNumber }
const limits = {
  valueBytes: isNumber,
  transactionWrites: isNumber,
  transactionBytes: isNumber,
  pageItems: isNumber,
  indexItems: isNumber,
}

export const isHealth: Check<Health> = shape({ status: isOneOf('ok') })
export const isSession: Check<Session> = shape({ limits: shape(limits) })
export const isSpace: Check<Space> = shape({ ...moment, id: isText })
export const isWanted: Check<Wanted> = shape({ ...moment, done: isNumber, items: isListOf(shape(item)) })
export const isDigest: Check<Digest> = shape({ ...moment, digest: isText })
export const isSnapshot: Check<Page<Item>> = shape({ ...moment, next: isTextOrNull, items: isListOf(shape(item)) })
export const isIndex: Check<Page<IndexItem>> = shape({
  ...moment,
  next: isTextOrNull,
  items: isListOf(shape(indexItem)),
})
export const isChanges: Check<Changes> = shape({
  ...moment,
  next: isNumber,
  more: isFlag,
  items: isListOf(shape(item)),
})
export const isTransactionResult: Check<TransactionResult> = shape({
  ...moment,
  status: isOneOf('applied', 'conflict', 'duplicate'),
  since: isNumber,
  rev: isNumber,
  original: isOneOf('applied', 'conflict', null, undefined),
})
