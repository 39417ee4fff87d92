import { expect } from 'vitest'

/**
 * Every value is a list of the writes that made it, each named by its key and a number, after the default where that was
 * what the first of them found. So a value tells where it comes from.
 */
export type List = readonly string[]

export type Kind = 'append' | 'set' | 'delete'
export type Write = {
  id: string
  key: string
  tab: number
  kind: Kind
  /** Made by a hook, and so on the screen before it is saved. */
  isByHook: boolean
  fate: 'pending' | 'saved' | 'failed'
}

/** What a component showed. */
export type View = { key: string; tab: number; value: List; phase: 'loading' | 'ready' | 'error' }

/** `log`: everybody appends. `own`: the first tab does anything. `last`: everybody does anything. */
export const KEYS = ['log', 'log too', 'own', 'last'] as const
export type Key = (typeof KEYS)[number]

export const defaultOf = (key: string): List => [`${key}: default`]
const isLog = (key: string): boolean => key.startsWith('log')

/** What is asked of a key, if anything, so that the outcome can be told without knowing how two tabs interleaved. */
export function allowedKind(key: string, tab: number, kind: Kind): Kind | undefined {
  if (isLog(key)) return 'append'
  return key !== 'own' || tab === 0 ? kind : undefined
}

/** What was asked for and what was promised: an array of writes in the order in which they were issued. */
export class Model {
  readonly writes: Write[] = []

  /** Notes a write before it is made, and its fate when that is known. */
  note(
    asked: Pick<Write, 'key' | 'tab' | 'kind' | 'isByHook'>,
    suffix: string,
    make: (id: string) => Promise<unknown>,
  ): void {
    const write: Write = { ...asked, id: `${asked.key}: ${this.writes.length}${suffix}`, fate: 'pending' }
    this.writes.push(write)
    make(write.id).then(
      () => (write.fate = 'saved'),
      () => (write.fate = 'failed'),
    )
  }

  /** What must be true of a render, whatever is under way; to be called a moment after it. */
  judge({ key, tab, value, phase }: View): () => void {
    const mine = this.writes.filter((write) => write.key === key && write.tab === tab)
    const inFate = (fate: Write['fate']): Write[] => mine.filter((write) => write.fate === fate)
    const pending = inFate('pending').filter(({ isByHook }) => isByHook)
    const saved = phase === 'ready' ? inFate('saved') : []
    const failed = inFate('failed').map(({ id }) => id)
    return () => {
      expect(new Set(value).size, 'nothing is shown twice').toBe(value.length)
      expect(
        value.filter((id) => !id.startsWith(`${key}: `)),
        'nothing of another key is shown',
      ).toEqual([])
      if (!isLog(key)) return
      // A write that fails leaves the screen just before its promise says so.
      const mustShow = [...saved, ...pending.filter(({ fate }) => fate !== 'failed')].map(({ id }) => id)
      expect(value, 'nothing that waits or was saved here disappears').toEqual(expect.arrayContaining(mustShow))
      expect(
        value.filter((id) => failed.includes(id)),
        'nothing that failed stays',
      ).toEqual([])
    }
  }

  /** What must be stored when everything has come to rest. */
  checkStored(stored: ReadonlyMap<string, unknown>): void {
    expect(
      this.writes.filter(({ fate }) => fate === 'pending'),
      'every write comes to an end',
    ).toEqual([])
    for (const key of KEYS) this.#checkKey(key, stored.get(key) as List | undefined)
  }

  #checkKey(key: Key, stored: List | undefined): void {
    const saved = this.writes.filter((write) => write.key === key && write.fate === 'saved')
    if (saved.length === 0) expect(stored, `nothing was written to "${key}"`).toBeUndefined()
    else if (key === 'own') expect(stored, '"own" holds what one tab did, in order').toEqual(replay(saved))
    else if (key === 'last') checkLast(stored, saved)
    else checkLog(stored, saved)
  }
}

function replay(saved: readonly Write[]): List | undefined {
  return saved.reduce<List | undefined>((value, { id, key, kind }) => {
    if (kind === 'append') return [...(value ?? defaultOf(key)), id]
    return kind === 'set' ? [id] : undefined
  }, undefined)
}

function checkLog(stored: List | undefined, saved: readonly Write[]): void {
  const ids = (stored ?? []).slice(1)
  expect([...ids].sort(), 'every saved append is there, once').toEqual(saved.map(({ id }) => id).sort())
  for (const tab of [0, 1]) {
    const mine = saved.filter((write) => write.tab === tab).map(({ id }) => id)
    expect(
      ids.filter((id) => mine.includes(id)),
      'the appends of a tab are in order',
    ).toEqual(mine)
  }
}

/** The write that was committed last is the last of its tab. */
function checkLast(stored: List | undefined, saved: readonly Write[]): void {
  const candidates = [0, 1].flatMap((tab) => saved.findLast((write) => write.tab === tab) ?? [])
  const lastIds = candidates.map(({ id, kind }) => (kind === 'delete' ? undefined : id))
  expect(lastIds, 'the last of the saved writes is there').toContain(stored?.at(-1))
}
