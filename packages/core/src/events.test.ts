import { expect, test } from 'vitest'
import { createEvents } from './events'
import { TransactionView } from './transaction-view'

/** Events whose reads a test answers itself, and a commit of these writes, after a clear or not. */
function setUp() {
  const reads: ((found: Map<string, unknown>) => void)[] = []
  const events = createEvents(() => new Promise((resolve) => reads.push(resolve)))
  function commit(writes: Record<string, unknown>, { clears = false } = {}): void {
    const view = new TransactionView(new Map(), new Set())
    if (clears) view.clear()
    for (const [key, value] of Object.entries(writes)) view.set(key, { value, bytes: 8, isJson: true })
    events.announceCommit(view)
  }
  return { events, commit, reads }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

test.each([
  ['writes the key', { first: 1, key: 'new', last: 1 }, { clears: false }],
  ['clears', { first: 1, last: 1 }, { clears: true }],
])(
  '[H8] one who leaves and comes back while a commit that %s is told never gets what was read before it',
  async (_what, writes, options) => {
    const { events, commit, reads } = setUp()
    const seen: unknown[] = []
    const stop = events.watch('key', (value) => seen.push(value))
    events.announceForeign([{ type: 'set', key: 'key', origin: 'tab' }])
    events.watch('first', stop)
    events.watch('last', () => void events.watch('key', (value) => seen.push(value)))

    commit(writes, options)
    reads[0]?.(new Map([['key', 'old']]))
    await settled()
    expect(seen).not.toContain('old')

    reads[1]?.(new Map([['key', 'newest']]))
    await settled()
    expect(seen.at(-1)).toBe('newest')
  },
)
