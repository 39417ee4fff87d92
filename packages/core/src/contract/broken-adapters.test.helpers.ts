import type { AdapterFactory, ChangeCapability, Compute, Entry, StorageAdapter, WriteOperation } from '../adapter'
import { StorageError } from '../errors'
import type { ChangeEvent } from '../types'
import { isSameValue } from '../value-difference'

/** Breaks a backend that works. */
export type Breakage = (intact: AdapterFactory) => AdapterFactory

/** Replaces some members of the adapter. */
export function replacing(change: (adapter: StorageAdapter) => Partial<StorageAdapter>): Breakage {
  return (intact) => async (context) => {
    const adapter = await intact(context)
    return { ...adapter, ...change(adapter) }
  }
}

type Writes = readonly WriteOperation[]

/** Changes what a transaction writes; `all` is what is there. */
export function writing(change: (writes: Writes, all: Map<string, unknown>) => Writes): Breakage {
  return replacing((adapter) => ({
    transact: (mode, keys, compute) =>
      adapter.transact(mode, 'all', (all) => change(compute(keys === 'all' ? all : pick(all, keys)), all)),
  }))
}

function pick(all: Map<string, unknown>, keys: readonly string[]): Map<string, unknown> {
  return new Map(keys.filter((key) => all.has(key)).map((key) => [key, all.get(key)]))
}

/** Changes what a transaction has read. */
export function reading(change: (current: Map<string, unknown>, keys: readonly string[]) => void): Breakage {
  return replacing((adapter) => ({
    transact: (mode, keys, compute) =>
      adapter.transact(mode, keys, (current) => {
        if (mode === 'readonly' && keys !== 'all') change(current, keys)
        return compute(current)
      }),
  }))
}

/** Changes each value on its way in. */
export function storing(change: (value: unknown) => unknown): Breakage {
  return writing((writes) =>
    writes.map((write) => (write.type === 'set' ? { ...write, value: change(write.value), isJson: false } : write)),
  )
}

/** Changes each key on its way in, when it is written and when it is looked for. */
export function naming(change: (key: string) => string): Breakage {
  return replacing((adapter) => ({
    transact(mode, keys, compute) {
      const renamed = keys === 'all' ? keys : [...new Set(keys.map(change))]
      return adapter.transact(mode, renamed, (current) => {
        const found = keys === 'all' ? current : lookUp(keys, current, change)
        return compute(found).map((write) => (write.type === 'clear' ? write : { ...write, key: change(write.key) }))
      })
    },
  }))
}

function lookUp(keys: readonly string[], current: Map<string, unknown>, change: (key: string) => string) {
  const present = keys.filter((key) => current.has(change(key)))
  return new Map(present.map((key) => [key, current.get(change(key))]))
}

/** Computes in one transaction, and writes in another. */
export const splitting: Breakage = replacing((adapter) => ({
  async transact(_mode, keys, compute) {
    let writes: Writes = []
    await adapter.transact('readonly', keys, (current) => {
      writes = compute(current)
      return []
    })
    await adapter.transact('readwrite', [], () => writes)
  },
}))

/** Commits writes that rest on nothing it has read one by one, and lets others have a turn after each. */
export const oneByOne: Breakage = replacing((adapter) => ({
  async transact(mode, keys, compute) {
    if (keys.length > 0) return adapter.transact(mode, keys, compute)
    for (const write of compute(new Map())) {
      await adapter.transact('readwrite', [], () => [write])
      await new Promise((resolve) => setImmediate(resolve))
    }
  },
}))

/** Commits deletions when it is asked for something else, and says that it did so at once. */
export const puttingOffDeletions: Breakage = replacing((adapter) => {
  let late: Writes = []
  function catchUp(): Promise<void> {
    const writes = late
    late = []
    return adapter.transact('readwrite', [], () => writes)
  }
  return {
    async transact(mode, keys, compute) {
      await catchUp()
      await adapter.transact(mode, keys, (current) => {
        const writes = compute(current)
        if (!writes.every(({ type }) => type === 'delete')) return writes
        late = writes
        return []
      })
    },
    scan: (range, visit) => catchUp().then(() => adapter.scan(range, visit)),
    keys: (prefix) => catchUp().then(() => adapter.keys(prefix)),
  }
})

/** Gives an answer of its own when it is to delete a key that is not there. */
export function deletingAbsent(answer: () => Promise<void>): Breakage {
  return replacing((adapter) => ({
    async transact(mode, keys, compute) {
      let isAbsent = false
      const breakage = writing((writes, all) => {
        isAbsent = writes.some((write) => write.type === 'delete' && !all.has(write.key))
        return isAbsent ? [] : writes
      })
      const broken = await breakage(async () => adapter)({ name: '', durability: 'relaxed' })
      await broken.transact(mode, keys, compute)
      if (isAbsent) await answer()
    },
  }))
}

/** When a transaction fails, keeps its first write all the same. */
export const keepingTheFirstOfFailed: Breakage = replacing((adapter) => ({
  async transact(mode, keys, compute) {
    let writes: Writes = []
    const transaction = adapter.transact(mode, keys, (current) => (writes = compute(current)))
    await transaction.catch(async (error: unknown) => {
      await adapter.transact('readwrite', [], () => writes.slice(0, 1))
      throw error
    })
  },
}))

/** Remembers the values it has read, and for each calculation chooses between one of those and the present one. */
export function remembering(run: (known: Map<string, unknown>, present: Map<string, unknown>) => void): Breakage {
  return replacing((adapter) => {
    const known = new Map<string, unknown>()
    const forget = (write: WriteOperation) => (write.type === 'clear' ? known.clear() : known.delete(write.key))
    const compute =
      (inner: Compute): Compute =>
      (current) => {
        run(known, current)
        const writes = inner(current)
        writes.forEach(forget)
        return writes
      }
    return { transact: (mode, keys, inner) => adapter.transact(mode, keys, compute(inner)) }
  })
}

/** Puts what was read the first time in the place of what is there. */
export function useKnown(known: Map<string, unknown>, present: Map<string, unknown>): void {
  for (const [key, value] of present) {
    if (!known.has(key)) known.set(key, structuredClone(value))
    present.set(key, structuredClone(known.get(key)))
  }
}

/** Gives the very object that it gave before, as long as nobody wrote another value. */
export function giveAgain(known: Map<string, unknown>, present: Map<string, unknown>): void {
  for (const [key, value] of present) {
    const before = known.get(key) as { pristine: unknown; given: unknown } | undefined
    if (before && isSameValue(before.pristine, value)) present.set(key, before.given)
    else known.set(key, { pristine: structuredClone(value), given: value })
  }
}

/** Changes the pages of a scan; `before` is the page before, as it was. */
export function paging(change: (page: Entry[], before: Entry[] | undefined) => Entry[]): Breakage {
  return replacing((adapter) => ({
    scan(range, visit) {
      let before: Entry[] | undefined
      return adapter.scan(range, (page) => {
        const changed = change([...page], before)
        before = page
        return visit(changed)
      })
    },
  }))
}

/** Reads a prefix as SQL's LIKE would. */
export function isLike(prefix: string, key: string): boolean {
  const literal = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('%', '.*').replaceAll('_', '.')}`, 's').test(key)
}

/** Tells its own listeners too. */
export function echo(changes: ChangeCapability): ChangeCapability {
  const own: ((events: ChangeEvent[]) => void)[] = []
  return {
    subscribe(listener) {
      own.push(listener)
      return changes.subscribe(listener)
    },
    publish(events) {
      changes.publish(events)
      for (const listener of own) listener(events.map((event) => ({ ...event, origin: 'tab' })))
    },
  }
}

/** A backend whose reads can be made to fail; `answer` says what becomes of them then. */
export function failing(answer: 'rejects' | 'says absent'): { breakage: Breakage; failReads(): Promise<() => void> } {
  let isDown = false
  async function check(): Promise<void> {
    if (isDown) throw new StorageError('UNAVAILABLE', 'Down, because the test says so.')
  }
  const breakage = replacing((adapter) => ({
    async transact(mode, keys, compute) {
      if (answer === 'rejects') await check()
      await adapter.transact(mode, isDown ? [] : keys, compute)
    },
    scan: (range, visit) => check().then(() => adapter.scan(range, visit)),
    keys: (prefix) => check().then(() => adapter.keys(prefix)),
  }))
  async function failReads(): Promise<() => void> {
    isDown = true
    return () => void (isDown = false)
  }
  return { breakage, failReads }
}

/** Changes the members and items of a value that are no objects. */
export function mapLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map((item) => mapLeaves(item, change)) : change(value)
}

/** Changes the list of members of a plain object. */
export function mapMembers(value: unknown, change: (members: Entry[]) => Entry[]): unknown {
  const isPlain = Object.prototype.toString.call(value) === '[object Object]'
  return isPlain ? Object.fromEntries(change(Object.entries(value as object))) : value
}

export function throughJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? Number(part) : part))
  return JSON.parse(text) as unknown
}

/** Copies plain objects as careless code does, for which `__proto__` is no member. */
export function copyCarelessly(value: unknown): unknown {
  const copy: Record<string, unknown> = {}
  return mapMembers(value, (members) => {
    for (const [name, member] of members) copy[name] = member
    return Object.entries(copy)
  })
}
