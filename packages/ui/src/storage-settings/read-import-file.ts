import { findJsonMistake, type Place } from './json-place'

/** Why files are refused before the storage is asked. */
export type FileProblem =
  | { kind: 'many-files' | 'empty' | 'unreadable' | 'not-text' | 'no-entries' }
  | { kind: 'too-large'; size: number; limit: number }
  | { kind: 'not-json'; place: Place }
  | { kind: 'not-object'; found: 'array' | 'string' | 'number' | 'boolean' | 'null' }

export type ImportData = Record<string, unknown>
export type ReadResult = { data: ImportData } | { problem: FileProblem }

/** Reads a file that should hold one JSON object. */
export async function readImportFile(file: File, limit: number): Promise<ReadResult> {
  if (file.size > limit) return { problem: { kind: 'too-large', size: file.size, limit } }
  const bytes = await file.arrayBuffer().catch(() => undefined)
  if (!bytes) return { problem: { kind: 'unreadable' } }
  const text = decode(bytes)
  if (text === undefined) return { problem: { kind: 'not-text' } }
  return text.trim() === '' ? { problem: { kind: 'empty' } } : parse(text)
}

/** Strict, because a lenient decoder would put replacement characters into the user's data without a word. */
function decode(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parse(text: string): ReadResult {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: { kind: 'not-json', place: findJsonMistake(text) ?? { line: 1, column: 1, isEnd: false } } }
  }
  if (!isObject(value)) return { problem: { kind: 'not-object', found: kindOf(value) } }
  return Object.keys(value).length === 0 ? { problem: { kind: 'no-entries' } } : { data: value }
}

function isObject(value: unknown): value is ImportData {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): 'array' | 'string' | 'number' | 'boolean' | 'null' {
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : (typeof value as 'string' | 'number' | 'boolean')
}
