import { invalidData } from '../invalid-data'
import type { FileEntry, ReadOptions } from './json-lines'
import { jsonProblem, textEnd, valueEnd } from './json-text'
import { decodeText } from './read-lines'

/** A value has up to 16 Mi characters, each of which JSON may write as six. */
const MAX_MEMBER_LENGTH = 112 * 1024 * 1024

const NOT_AN_OBJECT =
  'The file is not an export: it must hold a JSON object of keys and values, and it starts with something else.'

/** The text that has come and was not taken yet. It is not looked at again before there is `enough`: long members come in many chunks. */
type Input = { text: string; position: number; enough: number; isComplete: boolean; last: string }

/** The members of one JSON object, one at a time: the whole is never in memory. */
export async function* readFlatJson(
  chunks: AsyncIterable<Uint8Array>,
  { verify }: ReadOptions,
): AsyncGenerator<FileEntry> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const members = new Members()
  for await (const bytes of chunks) {
    members.add(decodeText(decoder, bytes, members.place(), true))
    yield* members.take(verify)
  }
  members.add(decodeText(decoder, new Uint8Array(), members.place()))
  members.complete()
  yield* members.take(verify)
  members.assertEnded()
}

class Members {
  #input: Input = { text: '', position: 0, enough: 0, isComplete: false, last: '' }
  #state: 'start' | 'first' | 'member' | 'separator' | 'end' = 'start'

  place(): string {
    return this.#input.last === '' ? 'The start of the file' : `What follows the key ${this.#input.last}`
  }

  add(text: string): void {
    const input = this.#input
    input.text = input.position > 0 ? input.text.slice(input.position) + text : input.text + text
    input.position = 0
    if (input.text.length > MAX_MEMBER_LENGTH) throw invalidData(`${this.place()} is longer than any value may be.`)
  }

  complete(): void {
    this.#input.isComplete = true
  }

  assertEnded(): void {
    if (this.#state === 'end') return
    if (this.#state === 'start') throw invalidData('The file is empty. Choose a file that was exported.')
    throw this.#cutOff()
  }

  /** The members that are here whole. */
  *take(verify: boolean): Generator<FileEntry> {
    if (this.#input.text.length < this.#input.enough && !this.#input.isComplete) return
    this.#input.enough = 0
    for (let sign = this.#next(); sign !== undefined; sign = this.#next()) {
      if (this.#state === 'first' || this.#state === 'member') {
        if (sign === '}' && this.#state === 'first') this.#step('end')
        else if (sign !== '"') throw this.#unexpected()
        else {
          const entry = this.#member(verify)
          if (!entry) return
          yield entry
        }
      } else this.#punctuation(sign)
    }
  }

  #punctuation(sign: string): void {
    if (this.#state === 'start') {
      if (sign !== '{') throw invalidData(NOT_AN_OBJECT)
      this.#step('first')
    } else if (this.#state === 'separator' && sign === ',') this.#step('member')
    else if (this.#state === 'separator' && sign === '}') this.#step('end')
    else throw this.#unexpected()
  }

  #step(state: 'first' | 'member' | 'end'): void {
    this.#state = state
    this.#input.position += 1
  }

  /** The next sign that is not white space. */
  #next(): string | undefined {
    const input = this.#input
    while (' \t\r\n'.includes(input.text[input.position] ?? '.')) input.position += 1
    return input.text[input.position]
  }

  #member(verify: boolean): FileEntry | undefined {
    const { text, position, isComplete } = this.#input
    const keyEnd = textEnd(text, position)
    const colon = keyEnd === undefined ? undefined : skipSpace(text, keyEnd)
    if (keyEnd === undefined || colon === undefined) return this.#wait(isComplete)
    if (text[colon] !== ':') throw this.#unexpected()
    const start = skipSpace(text, colon + 1)
    const end = start === undefined ? undefined : valueEnd(text, start)
    if (start === undefined || end === undefined) return this.#wait(isComplete)
    const quoted = text.slice(position, keyEnd)
    const place = `The key ${quoted}`
    const json = parseValue(text.slice(start, end), place, verify)
    const key = parseValue(quoted, place, false)
    this.#input.position = end
    this.#input.last = quoted
    this.#state = 'separator'
    return { key, json, place }
  }

  #wait(isComplete: boolean): undefined {
    if (isComplete) throw this.#cutOff()
    this.#input.enough = 2 * (this.#input.text.length - this.#input.position)
    return undefined
  }

  #cutOff(): Error {
    return invalidData(`The file is cut off. ${this.place()} is not whole. Get the file again, or export it again.`)
  }

  #unexpected(): Error {
    return invalidData(`${this.place()} is not JSON. Get the file again, or export it again.`)
  }
}

function skipSpace(text: string, start: number): number | undefined {
  let position = start
  while (' \t\r\n'.includes(text[position] ?? '.')) position += 1
  return position < text.length ? position : undefined
}

function parseValue(text: string, place: string, verify: boolean): unknown {
  const problem = verify ? jsonProblem(text) : undefined
  if (problem) throw invalidData(`${place}: ${problem}.`)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidData(`${place} has a value that is not JSON. Get the file again, or export it again.`, { cause })
  }
}
