import { BROUGHT_MARK, CLEAR_MARK, type JournalRecord } from '../journal'

/**
 * What is known while the wanted backend is away: the writes that wait for it. Asking for a value that it may hold throws what
 * `unknown` makes, and so the one operation that asks fails, and not its neighbours (rule E2).
 */
export class KnownValues extends Map<string, unknown> {
  readonly #written: ReadonlySet<string>
  readonly #unknown: ((key?: string) => Error) | undefined

  /**
   * After a `clear`, what was not written is absent; and so it is while the wanted backend holds no data (`holdsData`), and
   * nothing was brought to it from here.
   */
  constructor(
    records: ReadonlyMap<string, JournalRecord>,
    { holdsData, unknown }: { holdsData: boolean; unknown: (key?: string) => Error },
  ) {
    super()
    for (const [key, record] of records) if ('value' in record) this.set(key, record.value)
    this.#written = new Set(records.keys())
    const mayHold = holdsData || records.has(BROUGHT_MARK)
    this.#unknown = mayHold && !records.has(CLEAR_MARK) ? unknown : undefined
  }

  override get(key: string): unknown {
    this.#assertKnown(key)
    return super.get(key)
  }

  override has(key: string): boolean {
    this.#assertKnown(key)
    return super.has(key)
  }

  override keys(): MapIterator<string> {
    if (this.#unknown) throw this.#unknown()
    return super.keys()
  }

  #assertKnown(key: string): void {
    if (this.#unknown && !this.#written.has(key)) throw this.#unknown(key)
  }
}
