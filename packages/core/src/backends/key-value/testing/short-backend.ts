import { type AdapterFactory, type Entry, StorageError } from '../../../index'
import { createTabChannel } from '../index'

const places = new Map<string, Map<string, unknown>>()

/** Keeps data in this page's memory, where all instances of one name find it. */
export const shortBackend: AdapterFactory = async ({ name }) => {
  const items = places.get(name) ?? new Map<string, unknown>()
  places.set(name, items)
  const sorted = (prefix: string) => [...items.keys()].filter((key) => key.startsWith(prefix)).sort()
  const entryOf = (key: string): Entry => [key, copy(items.get(key))]
  const changes = createTabChannel(`short/${name}`)

  return {
    name: 'short',
    persistent: false,
    // Reads, computes and writes at one go: nobody else may come in between, and either all is written or nothing.
    async transact(_mode, keys, compute) {
      const wanted = keys === 'all' ? [...items.keys()] : keys.filter((key) => items.has(key))
      const writes = copy(compute(new Map(wanted.map(entryOf))))
      for (const write of writes) {
        if (write.type === 'clear') items.clear()
        else if (write.type === 'delete') items.delete(write.key)
        else items.set(write.key, write.value)
      }
    },
    // Pages in the order of code units, which is how JavaScript sorts strings.
    async scan({ prefix, after, pageSize }, visit) {
      const keys = sorted(prefix).filter((key) => after === undefined || key > after)
      for (let start = 0; start < keys.length; start += pageSize) {
        if (!visit(keys.slice(start, start + pageSize).map(entryOf))) return
      }
    },
    keys: async (prefix) => sorted(prefix),
    // News for the other instances, in other tabs too.
    changes,
    close: async () => changes.close(),
  }
}

/** A value that the place cannot take is `INVALID_VALUE`: it then fails alone, and not all that share its transaction. */
function copy<T>(value: T): T {
  try {
    return structuredClone(value)
  } catch (cause) {
    throw new StorageError('INVALID_VALUE', 'This value cannot be copied. Store plain data instead.', { cause })
  }
}
