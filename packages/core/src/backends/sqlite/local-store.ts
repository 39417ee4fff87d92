import { fromBase64, toBase64 } from '../../codec/base64'
import { corruptError, notEmptyError } from './failures'
import type { LogRecord } from './log-record'
import { FIRST_IMAGE, type LogStore } from './log-store'

/** All of it in one entry, so that a write that does not fit changes nothing. */
type Stored = { sequence: number; image: string | null; imageSequence: number; records: LogRecord[] }

const EMPTY: Stored = { sequence: 0, image: null, imageSequence: 0, records: [] }

/**
 * Keeps the log and one image in an entry of localStorage: the last resort where IndexedDB is missing. Each write rewrites the
 * entry, of which browsers allow about 5 MB. Two tabs are kept apart by the number of the last commit, as far as their browser
 * shows them each other's writes at once.
 */
export function createLocalStore(itemName: string): LogStore {
  function read(): Stored {
    const text = localStorage.getItem(itemName)
    if (text === null) return EMPTY
    try {
      return JSON.parse(text) as Stored
    } catch (cause) {
      throw corruptError(`The entry "${itemName}" in localStorage is damaged.`, cause)
    }
  }

  function write(stored: Stored): void {
    localStorage.setItem(itemName, JSON.stringify(stored))
  }

  return {
    async load() {
      const { image, imageSequence, records } = read()
      return { image: image === null ? undefined : fromBase64(image), sequence: imageSequence, records }
    },
    async since(sequence) {
      const stored = read()
      const isPast = sequence >= stored.imageSequence && sequence <= stored.sequence
      return isPast ? stored.records.slice(sequence - stored.imageSequence) : 'reload'
    },
    async append(expected, record) {
      const stored = read()
      if (stored.sequence !== expected) return stored.sequence > expected ? 'behind' : 'reload'
      write({ ...stored, sequence: expected + 1, records: [...stored.records, record] })
      return 'done'
    },
    newestImage: async () => read().imageSequence,
    async checkpoint(image, sequence) {
      const stored = read()
      if (stored.sequence !== sequence) return stored.imageSequence
      write({ sequence, image: toBase64(image), imageSequence: sequence, records: [] })
      return sequence
    },
    async begin(image) {
      if (read().sequence > 0) throw notEmptyError()
      write({ sequence: FIRST_IMAGE, image: toBase64(image), imageSequence: FIRST_IMAGE, records: [] })
      return FIRST_IMAGE
    },
    close: async () => undefined,
  }
}
