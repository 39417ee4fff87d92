import type { ImportSource } from '../../types'
import { jsonProblem } from '../file/json-text'
import { invalidData } from '../invalid-data'
import { isLocalForageText, readLocalForageText } from './localforage-text'
import type { SourceEntry } from './source-entry'

type Options = Extract<ImportSource, { type: 'localstorage' }>

/** Settings of the original system, and what the kit itself puts there. */
const NO_DATA = /^(codeforge-(prefer-(flask|sqlite)|flask-url|sqlite-db)$|unified-storage)/

export function localStorageNames(from: string): string[] {
  return Object.keys(globalThis.localStorage ?? {}).filter((name) => name.startsWith(from) && !NO_DATA.test(name))
}

export function* readLocalStorage({ from = '', format = 'auto' }: Options): Generator<SourceEntry> {
  for (const name of localStorageNames(from)) {
    const text = localStorage.getItem(name)
    if (text !== null) yield { key: name.slice(from.length), value: toValue(text, name, format) }
  }
}

/** What JSON.parse would change on its way, such as an identity of 20 digits, stays text. */
function toValue(text: string, name: string, format: Options['format']): unknown {
  if (format === 'text') return text
  if (isLocalForageText(text)) return readLocalForageText(text, name)
  const parsed = tryParse(text)
  const problem = parsed ? jsonProblem(text) : 'it is not JSON'
  if (parsed && !problem) return parsed.value
  if (format === 'auto') return text
  throw invalidData(`The item "${name}" of localStorage: ${problem}.`, { key: name })
}

function tryParse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
