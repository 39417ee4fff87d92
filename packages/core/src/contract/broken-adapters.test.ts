import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { memoryBackend } from '../backends/memory'
import { createUnifiedStorage, type UnifiedStorage } from '../index'
import {
  type Breakage,
  copyCarelessly,
  deletingAbsent,
  echo,
  failing,
  giveAgain,
  isLike,
  keepingTheFirstOfFailed,
  mapLeaves,
  mapMembers,
  naming,
  oneByOne,
  paging,
  puttingOffDeletions,
  reading,
  remembering,
  replacing,
  splitting,
  storing,
  throughJson,
  useKnown,
  writing,
} from './broken-adapters.test.helpers'
import { CONTRACT_SIZE, defineContract, type TestBackendOptions } from './suite'

/** Each is broken in one small way. `fails` are the rules whose tests must notice, and no others may. */
type Broken = readonly [what: string, fails: string, breakage: Breakage, options?: TestBackendOptions]
type BrokenFacade = readonly [what: string, fails: string, change: (intact: UnifiedStorage) => Partial<UnifiedStorage>]

const lying = failing('says absent')
const honest = failing('rejects')

const TRANSACTIONS: readonly Broken[] = [
  [
    'takes a stored null for absent',
    // Rule O1 names this very value; it is one of those that rule V2 is about, too.
    'O1, V2',
    reading((current) => {
      for (const [key, value] of current) if (value === null) current.delete(key)
    }),
  ],
  ['acknowledges a deletion before it commits', 'O2', puttingOffDeletions],
  ['forgets when it is closed, and calls itself persistent', 'O2', replacing(() => ({ persistent: true }))],
  ['computes with what it read long ago', 'O2', remembering(useKnown)],
  ['keeps a part of a transaction that failed', 'O2', keepingTheFirstOfFailed],
  [
    'acknowledges a write that failed',
    'O2',
    replacing((adapter) => ({ transact: (...call) => adapter.transact(...call).catch(() => undefined) })),
  ],
  ['takes the writes of a transaction in another order', 'O3', writing((writes) => [...writes].reverse())],
  ['lets others in between reading and writing', 'O4', splitting],
  ['rejects the deletion of an absent key', 'O5', deletingAbsent(() => Promise.reject(new Error('404')))],
  ['never answers the deletion of an absent key', 'O5 hangs', deletingAbsent(() => new Promise(() => undefined))],
  ['commits the writes of a transaction one by one', 'O7', oneByOne],
]

const KEYS: readonly Broken[] = [
  [
    'clears ten keys and no more',
    'K3',
    writing((writes, all) =>
      writes.flatMap((write) =>
        write.type === 'clear' ? [...all.keys()].slice(0, 10).map((key) => ({ type: 'delete', key }) as const) : write,
      ),
    ),
  ],
  [
    'clears what belongs to a name that begins like its own',
    'K3',
    (intact) => (context) => intact({ ...context, name: context.name.slice(0, 36) }),
  ],
  [
    'has one space for names that differ in case',
    'K3',
    (intact) => (context) => intact({ ...context, name: context.name.toLowerCase() }),
  ],
  [
    'lists keys backwards',
    'K3',
    replacing((adapter) => ({ keys: async (prefix) => (await adapter.keys(prefix)).reverse() })),
  ],
  [
    'lists keys in the order of a language',
    'K3',
    replacing((adapter) => ({
      keys: async (prefix) => (await adapter.keys(prefix)).sort((a, b) => a.localeCompare(b)),
    })),
  ],
  [
    'walks keys in the order of code points',
    'K3',
    paging((page) => page.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))),
  ],
  [
    'takes the prefix of keys() for a pattern',
    'K3',
    replacing((adapter) => ({
      keys: async (prefix) => (await adapter.keys('')).filter((key) => isLike(prefix, key)),
    })),
  ],
  [
    'takes the prefix of entries() for a pattern',
    'K3',
    replacing((adapter) => ({
      scan: (range, visit) =>
        adapter.scan({ ...range, prefix: '' }, (page) => visit(page.filter(([key]) => isLike(range.prefix, key)))),
    })),
  ],
  ['normalises keys', 'K2', naming((key) => key.normalize('NFC'))],
  // A key that is kept under another name is listed under it, too.
  ['takes keys in any case', 'K2, K3', naming((key) => key.toLowerCase())],
  ['trims keys', 'K2', naming((key) => key.trim() || key)],
  ['ends keys at NUL', 'K2, K3', naming((key) => key.split('\0')[0] || key)],
  ['decodes keys as in an address', 'K2', naming((key) => key.replace(/%2[ef]/gi, decodeURIComponent))],
  [
    'loses the key __proto__',
    'K2',
    writing((writes) => writes.filter((write) => write.type === 'clear' || write.key !== '__proto__')),
  ],
]

const VALUES: readonly Broken[] = [
  ['keeps values as plain JSON', 'V2', storing(throughJson)],
  ['makes 0 of -0', 'V2', storing((value) => mapLeaves(value, (leaf) => (leaf === 0 ? 0 : leaf)))],
  [
    'drops undefined members',
    'V2',
    storing((value) => mapMembers(value, (members) => members.filter(([, member]) => member !== undefined))),
  ],
  [
    'orders members by name',
    'V2',
    storing((value) => mapMembers(value, (members) => members.sort(([a], [b]) => (a < b ? -1 : 1)))),
  ],
  // Rule V1 says that such a member is data, and rule V2 that data comes back.
  ['sets the prototype by a member called __proto__', 'V1, V2', storing(copyCarelessly)],
  [
    'copies what a value holds twice',
    'V2',
    storing((value) => (Array.isArray(value) ? value.map((item) => structuredClone(item) as unknown) : value)),
  ],
  [
    'replaces lone surrogates',
    'V2',
    storing((value) =>
      mapLeaves(value, (leaf) => (typeof leaf === 'string' ? leaf.replace(/\p{Surrogate}/gu, '\uFFFD') : leaf)),
    ),
  ],
  ['cuts off long text', 'V6', storing((value) => (typeof value === 'string' ? value.slice(0, 1_000_000) : value))],
  ['hands out the value that it holds', 'V5', remembering(giveAgain)],
  ['answers absent when it cannot read', 'E2', lying.breakage, { failReads: lying.failReads }],
]

const NEWS_AND_PAGES: readonly Broken[] = [
  [
    'tells nobody of a commit',
    'O6 hangs',
    (intact) => async (context) => {
      const { changes: _changes, ...adapter } = await intact(context)
      return adapter
    },
  ],
  ['tells whoever made the commit too', 'O6', replacing(({ changes }) => (changes ? { changes: echo(changes) } : {}))],
  [
    'tells of a commit twice',
    'O6',
    replacing(({ changes }) =>
      changes ? { changes: { ...changes, publish: (events) => changes.publish([...events, ...events]) } } : {},
    ),
  ],
  ['skips the first key of a page', 'T1', paging((page, before) => (before ? page.slice(1) : page))],
  [
    'begins a page with the last key of the page before',
    'T1',
    paging((page, before = []) => [...before.slice(-1), ...page]),
  ],
  [
    'goes on before the place that it was told',
    'O3',
    replacing((adapter) => ({
      scan: (range, visit) => adapter.scan({ ...range, after: range.after?.slice(0, -1) }, visit),
    })),
  ],
]

const ADAPTERS = [...TRANSACTIONS, ...KEYS, ...VALUES, ...NEWS_AND_PAGES]

const FACADES: readonly BrokenFacade[] = [
  [
    'gives null for an absent key',
    'O1',
    (intact) => ({ get: async (key) => (await intact.get(key)) ?? (null as never) }),
  ],
  ['looks for a number as for its digits', 'K1', (intact) => ({ has: (key) => intact.has(String(key)) })],
  ['takes any prefix that is no text for none', 'K1', (intact) => ({ keys: (prefix) => intact.keys(textOf(prefix)) })],
  [
    'deletes keys as far as they are good',
    'K1',
    (intact) => ({
      async deleteMany(keys) {
        for (const key of keys) await intact.delete(key)
      },
    }),
  ],
  ['stores null for undefined', 'V3', (intact) => ({ set: (key, value) => intact.set(key, value ?? null) })],
  ['rejects with what a list throws', 'E1', (intact) => ({ setMany: async (entries) => intact.setMany([...entries]) })],
  [
    'writes on a dry run',
    'T3',
    (intact) => ({ importData: (data, options) => intact.importData(data, { ...options, dryRun: false }) }),
  ],
]

// Each runs the whole suite.
vi.setConfig({ testTimeout: 60_000 })

/** How long a test whose rule is expected to hang may take. Another that passes later than this is of that rule, too. */
const HANG_MS = 1000

const opened: UnifiedStorage[] = []
// One that hangs does not close.
afterEach(() => opened.splice(0).forEach((storage) => void storage.close().catch(() => undefined)))

// That a random value fails is enough; nobody reads which is the smallest.
beforeAll(() => fc.configureGlobal({ endOnFailure: true }))

describe('the contract suite', () => {
  const intact = collectTests(openingWith(honest.breakage), { failReads: honest.failReads })

  test('each of its tests has a name of its own, which begins with its rule', () => {
    expect(intact.size).toBe(CONTRACT_SIZE + 1)
    expect([...intact.keys()].filter((name) => !/^\[[KVOET]\d\] /.test(name))).toEqual([])
  })

  test('each of its rules is broken below', () => {
    const broken = [...ADAPTERS, ...FACADES].flatMap(([, fails]) => fails.match(/\w\d/g) ?? [])
    expect(new Set(broken)).toEqual(new Set([...intact.keys()].map(ruleOf)))
  })

  test.each([...intact])('a backend that works passes %s', (_name, run) => run())

  for (const [what, fails, breakage, options] of ADAPTERS) {
    test(`a backend that ${what} fails ${fails}`, () =>
      expectFailures(fails, collectTests(openingWith(breakage), options)))
  }

  for (const [what, fails, change] of FACADES) {
    test(`a storage that ${what} fails ${fails}`, () => expectFailures(fails, collectTests(openingChanged(change))))
  }
})

type Tests = Map<string, () => Promise<void>>

/** Runs the whole suite, and compares the rules whose tests failed. */
async function expectFailures(fails: string, tests: Tests): Promise<void> {
  const failed: string[] = []
  for (const [name, run] of tests) {
    const limit = fails.includes(`${ruleOf(name)} hangs`) ? HANG_MS : undefined
    const outcome = await outcomeOf(run, limit)
    if (outcome !== 'passes') failed.push(`${ruleOf(name)}${outcome}: ${name}`)
  }
  const rules = new Set(failed.map((line) => line.split(':')[0]))
  expect([...rules].sort().join(', '), failed.join('\n')).toBe(fails)
}

/** Whoever hangs without being expected to runs into the time-out of its test, which is no outcome at all. */
function outcomeOf(run: () => Promise<void>, limit: number | undefined): Promise<'passes' | '' | ' hangs'> {
  const running = run().then(
    () => 'passes' as const,
    () => '' as const,
  )
  if (limit === undefined) return running
  return Promise.race([running, new Promise<' hangs'>((resolve) => setTimeout(() => resolve(' hangs'), limit))])
}

/** The tests of the suite by name, on storages that `open` gives. */
function collectTests(open: (name: string) => UnifiedStorage, options: TestBackendOptions = {}): Tests {
  const tests: Tests = new Map()
  const define = (name: string, run: () => Promise<void>): void => {
    expect(tests.has(name), `"${name}" is there twice`).toBe(false)
    tests.set(name, run)
  }
  defineContract(define, (name = crypto.randomUUID()) => open(name), { randomValues: 250, ...options })
  return tests
}

function openingWith(breakage: Breakage): (name: string) => UnifiedStorage {
  const backends = { broken: breakage(memoryBackend) }
  return (name) => {
    const storage = createUnifiedStorage({ name, prefer: 'broken', backends })
    opened.push(storage)
    return storage
  }
}

function openingChanged(change: BrokenFacade[2]): (name: string) => UnifiedStorage {
  const open = openingWith((intact) => intact)
  return (name) => {
    const storage = open(name)
    return { ...storage, ...change(storage) }
  }
}

function ruleOf(name: string): string {
  return name.slice(1, 3)
}

function textOf(prefix: unknown): string {
  return typeof prefix === 'string' ? prefix : ''
}
