export type Entry = readonly [key: string, value: unknown]

/** What a contender can do. What it lacks, its library lacks: nothing is made up for it here. */
export type Store = {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<unknown>
  clear(): Promise<unknown>
  count(): Promise<number>
  setMany?(entries: readonly Entry[]): Promise<unknown>
  getMany?(keys: readonly string[]): Promise<unknown>
  update?(key: string, updater: (value: unknown) => unknown): Promise<unknown>
  /** Everything, keys and values. */
  all?(): Promise<unknown>
}

export type Peer = {
  name: string
  /** Opens a database of this name, and has the connection ready: cold starts are another measurement. */
  open(database: string): Promise<Store>
}

/** One contender in one page. Only `run` is timed; `verify` throws when the work was not done. */
export type Runs = {
  prepare(): Promise<unknown>
  /** What gives no promise has ended when it returns. */
  run(): unknown
  verify(): Promise<unknown>
}

export type Contender = {
  name: string
  /** `round` tells one run from the others where each has new pages. */
  open(database: string, round: number | string): Promise<Runs>
}

/** A figure of each round, and what its median should be. */
export type Goal = { text: string; atLeast?: number; atMost?: number } & (
  | {
      /** The ratio of the fastest of these to the fastest of `under`, or their milliseconds without it. */
      over: readonly string[]
      under?: readonly string[]
      /** To the slowest of `under`. */
      isUnderSlowest?: true
    }
  | {
      /** The slope of the time over the size, both as logarithms: 0 when the time does not grow. */
      sizes: readonly { size: number; name: string }[]
    }
)

export type Scenario = {
  id: string
  title: string
  contenders: readonly Contender[]
  goals: readonly Goal[]
  /** How many pages run it at once; 1 unless told. */
  pages?: number
  /** Whether the growth of the heap is measured, which costs a little time. */
  watchesHeap?: true
  /**
   * Whether what is prepared in one page is run in another, which has done nothing yet, as when a person has opened it: what a page
   * did before lets its garbage collector take its time.
   */
  usesNewPages?: true
  /** Whether the runner is to start the real server, and to name it in the address of the page. */
  needsFlask?: true
}
