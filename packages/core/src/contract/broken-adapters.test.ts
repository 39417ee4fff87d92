import { afterEach, describe, expect, test } from 'vitest'
import { memoryBackend } from '../backends/memory'
import { createUnifiedStorage, type UnifiedStorage } from '../index'
import {
  type Breakage,
  echo,
  failing,
  isLike,
  keepingTheFirstOfFailed,
  mapLeaves,
  mapMembers,
  naming,
  paging,
  remembering,
  replacing,
  splitting,
  storing,
  throughJson,
  useKnown,
  writing,
} from './broken-adapters.test.helpers'
import { CONTRACT_SIZE, defineContract, type TestBackendOptions } from './suite'

type Broken = readonly [what: string, caughtBy: string, breakage: Breakage, options?: TestBackendOptions]

const lying = failing('says absent')
const honest = failing('rejects')

const ORDER = '[K3] keys and entries come in code-unit order, whole or by prefix'
const STRANGERS = '[K3] storages with other names never see each other, and clear() keeps to its own'
const BORROWED = "[V5] what update returned, what getMany and entries gave, is the caller's own"
const comesBack = (what: string): string => `[V2] [X14] ${what} comes back, from reads and from an export`

const TRANSACTIONS: readonly Broken[] = [
  ['loses the last write', '[O1] "text" comes back as itself', writing((writes) => writes.slice(0, -1))],
  [
    'acknowledges before it commits',
    '[O2] [X15] what is acknowledged is there for another instance at once',
    splitting(async (writes, write) => void setTimeout(() => void write(writes))),
  ],
  [
    'forgets when it is closed, and calls itself persistent',
    '[O2] [X15] what is acknowledged is there when the storage is opened again',
    replacing(() => ({ persistent: true })),
  ],
  [
    'lets others in between reading and writing',
    '[O4] 1,000 updates in a tick, from two instances, lose nothing',
    splitting((writes, write) => write(writes)),
  ],
  [
    'computes with what it read long ago',
    '[O2] [X15] what is acknowledged is there for another instance at once',
    remembering((known, present) => useKnown(known, present)),
  ],
  [
    'commits the writes of a transaction one by one',
    '[O7] another instance never sees half of a write of several keys',
    splitting(async (writes, write) => {
      for (const one of writes) await write([one]).then(() => new Promise((resolve) => setTimeout(resolve)))
    }),
  ],
  [
    'keeps a part of a transaction that failed',
    '[O2] a value that only the backend can refuse fails alone, whoever shares its transaction',
    keepingTheFirstOfFailed,
  ],
  [
    'acknowledges a write that failed',
    '[O2] a value that only the backend can refuse fails alone, whoever shares its transaction',
    replacing((adapter) => ({ transact: (...call) => adapter.transact(...call).catch(() => undefined) })),
  ],
  [
    'takes the writes of a transaction in another order',
    '[O3] operations of one tick see the ones issued before them',
    writing((writes) => [...writes].reverse()),
  ],
  [
    'has values for absent keys',
    '[K2] the key "a/b" round-trips',
    replacing((adapter) => ({
      transact: (mode, keys, compute) =>
        adapter.transact(mode, keys, (current) =>
          compute(keys === 'all' ? current : new Map(keys.map((key) => [key, current.get(key)]))),
        ),
    })),
  ],
  [
    'rejects the deletion of an absent key',
    '[O5] [X8] deleting an absent key succeeds, and is no outage',
    writing((writes, current) => {
      if (writes.some((write) => write.type === 'delete' && !current.has(write.key))) throw new Error('404')
      return writes
    }),
  ],
]

const KEYS: readonly Broken[] = [
  ['clears nothing', '[K3] clear() leaves nothing behind', writing((writes) => writes.filter(isNoClear))],
  [
    'clears what belongs to a name that begins like its own',
    STRANGERS,
    (intact) => (context) => intact({ ...context, name: context.name.slice(0, 36) }),
  ],
  [
    'has one space for names that differ in case',
    STRANGERS,
    (intact) => (context) => intact({ ...context, name: context.name.toLowerCase() }),
  ],
  [
    'lists keys backwards',
    ORDER,
    replacing((adapter) => ({ keys: async (prefix) => (await adapter.keys(prefix)).reverse() })),
  ],
  [
    'lists keys in the order of a language',
    ORDER,
    replacing((adapter) => ({
      keys: async (prefix) => (await adapter.keys(prefix)).sort((a, b) => a.localeCompare(b)),
    })),
  ],
  [
    'walks keys in the order of code points',
    ORDER,
    paging((page) => page.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))),
  ],
  [
    'takes the prefix of keys() for a pattern',
    ORDER,
    replacing((adapter) => ({
      keys: async (prefix) => (await adapter.keys('')).filter((key) => isLike(prefix, key)),
    })),
  ],
  [
    'takes the prefix of entries() for a pattern',
    ORDER,
    replacing((adapter) => ({
      scan: (range, visit) =>
        adapter.scan({ ...range, prefix: '' }, (page) => visit(page.filter(([key]) => isLike(range.prefix, key)))),
    })),
  ],
  ['normalises keys', '[K2] the key "e\\u0301" round-trips', naming((key) => key.normalize('NFC'))],
  ['takes keys in any case', '[K2] the key "toString" round-trips', naming((key) => key.toLowerCase())],
  ['trims keys', '[K2] the key " a " round-trips', naming((key) => key.trim() || key)],
  ['ends keys at NUL', '[K2] the key "a\\u0000b" round-trips', naming((key) => key.split('\0')[0] || key)],
  [
    'decodes keys as in an address',
    '[K2] the key "%2e%2e" round-trips',
    naming((key) => key.replace(/%2[ef]/gi, decodeURIComponent)),
  ],
  [
    'loses the key __proto__',
    '[K2] the key "__proto__" round-trips',
    writing((writes) => writes.filter((write) => write.type === 'clear' || write.key !== '__proto__')),
  ],
]

const VALUES: readonly Broken[] = [
  ['keeps values as plain JSON', comesBack('a date, valid or not'), storing(throughJson)],
  ['makes 0 of -0', comesBack('NaN, infinities and -0'), storing((value) => mapLeaves(value, (leaf) => leaf || 0))],
  [
    'drops undefined members',
    comesBack('an undefined member'),
    storing((value) => mapMembers(value, (members) => members.filter(([, member]) => member !== undefined))),
  ],
  [
    'orders members by name',
    comesBack('integer-like names in their order'),
    storing((value) => mapMembers(value, (members) => members.sort(([a], [b]) => (a < b ? -1 : 1)))),
  ],
  [
    'copies what a value holds twice',
    comesBack('shared references'),
    storing((value) => (Array.isArray(value) ? value.map((item) => structuredClone(item) as unknown) : value)),
  ],
  [
    'replaces lone surrogates',
    comesBack('lone surrogates'),
    storing((value) =>
      mapLeaves(value, (leaf) => (typeof leaf === 'string' ? leaf.replace(/\p{Surrogate}/gu, '\uFFFD') : leaf)),
    ),
  ],
  [
    'cuts off long text',
    '[V6] 16 MiB of text, and 100 levels, are taken',
    storing((value) => (typeof value === 'string' ? value.slice(0, 1_000_000) : value)),
  ],
  ['hands out the value that it holds', BORROWED, remembering(useKnown)],
  [
    'answers absent when it cannot read',
    '[E2] a read that fails rejects: unknown is not absent, and nothing is written over it',
    lying.breakage,
    { failReads: lying.failReads },
  ],
]

const NEWS_AND_PAGES: readonly Broken[] = [
  [
    'tells nobody of a commit',
    '[O6] another instance of the same name hears of commits, and its watchers get the value',
    (intact) => async (context) => {
      const { changes: _changes, ...adapter } = await intact(context)
      return adapter
    },
  ],
  [
    'tells whoever made the commit too',
    '[O6] every write path emits the same events',
    replacing(({ changes }) => (changes ? { changes: echo(changes) } : {})),
  ],
  [
    'tells of a commit twice',
    '[O6] another instance of the same name hears of commits, and its watchers get the value',
    replacing(({ changes }) =>
      changes ? { changes: { ...changes, publish: (events) => changes.publish([...events, ...events]) } } : {},
    ),
  ],
  [
    'skips the first key of a page',
    '[T1] an export holds more than one page of keys, each once',
    paging((page, before) => (before ? page.slice(1) : page)),
  ],
  [
    'begins a page with the last key of the page before',
    '[T1] an export holds more than one page of keys, each once',
    paging((page, before = []) => [...before.slice(-1), ...page]),
  ],
  [
    'goes on before the place that it was told',
    '[O3] entries walks 1,200 keys in order, by prefix',
    replacing((adapter) => ({
      scan: (range, visit) => adapter.scan({ ...range, after: range.after?.slice(0, -1) }, visit),
    })),
  ],
]

const BROKEN = [...TRANSACTIONS, ...KEYS, ...VALUES, ...NEWS_AND_PAGES]

let opened: UnifiedStorage[] = []
afterEach(async () => {
  await Promise.allSettled(opened.map((storage) => storage.close()))
  opened = []
})

describe('the contract suite', () => {
  const intact = collectTests(honest.breakage, { failReads: honest.failReads })

  test('each of its tests has a name of its own, which begins with its rule', () => {
    expect(intact.size).toBe(CONTRACT_SIZE + 1)
    expect([...intact.keys()].filter((name) => !/^\[[KVOET]\d\] /.test(name))).toEqual([])
  })

  test.each([...intact])('a backend that works passes %s', (_name, run) => run(), 30_000)

  for (const [what, caughtBy, breakage, options] of BROKEN) {
    test(`a backend that ${what} fails "${caughtBy}"`, async () => {
      const run = collectTests(breakage, options).get(caughtBy)
      const outcome = run ? await Promise.race([run().then(passed, failed), hang()]) : 'there is no such test'
      expect(outcome).toBe('failed')
    })
  }
})

/** The tests of the suite by name, for a backend that is broken in one way. */
function collectTests(breakage: Breakage, options: TestBackendOptions = {}): Map<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>()
  const backends = { broken: breakage(memoryBackend) }
  const open = (name: string = crypto.randomUUID()): UnifiedStorage => {
    const storage = createUnifiedStorage({ name, prefer: 'broken', backends })
    opened.push(storage)
    return storage
  }
  const define = (name: string, run: () => Promise<void>): void => {
    expect(tests.has(name), `"${name}" is there twice`).toBe(false)
    tests.set(name, run)
  }
  defineContract(define, open, options)
  return tests
}

const passed = (): string => 'passed'
const failed = (): string => 'failed'
/** A test that waits for what never comes fails, by Vitest's time-out. */
const hang = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('failed'), 1000))

function isNoClear({ type }: { type: string }): boolean {
  return type !== 'clear'
}
