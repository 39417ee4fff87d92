import { countCalls, type Counts, startCounting } from './counts'
import { largeFile } from './large-file'
import { scenarios } from './scenarios/index'
import type { Goal, Runs } from './types'

type Description = {
  id: string
  title: string
  pages: number
  watchesHeap: boolean
  usesNewPages: boolean
  needsFlask: boolean
  contenders: string[]
  goals: readonly Goal[]
}
/** A contender of a scenario, and which of its runs it is. */
type Names = { id: string; contender: string; round: number | string }
type Sample = { start: number; end: number; longestTask: number }

declare global {
  // The runner calls these from outside, one call a task.
  var bench: {
    describe(): Description[]
    prepare(names: Names): Promise<void>
    open(names: Names): Promise<void>
    sample(names: Names): Promise<Sample>
    startCounting(): void
    count(names: Names): Promise<Counts>
    verify(names: Names): Promise<void>
    /** The steps of the large file, which the runner watches from outside. */
    largeFile: typeof largeFile
  }
  // There because of a switch on the browser's command line.
  var gc: (() => void) | undefined
}

const opened = new Map<string, Promise<Runs>>()

globalThis.bench = {
  largeFile,
  describe: () =>
    scenarios.map(
      ({ id, title, goals, pages = 1, watchesHeap = false, usesNewPages = false, needsFlask = false, contenders }) => ({
        id,
        title,
        goals,
        pages,
        watchesHeap,
        usesNewPages,
        needsFlask,
        contenders: contenders.map(({ name }) => name),
      }),
    ),

  async prepare(names) {
    await (await open(names)).prepare()
  },

  async open(names) {
    await open(names)
  },

  async sample(names) {
    const runs = await open(names)
    globalThis.gc?.()
    await freshTask()
    const tasks = watchLongTasks()
    const start = performance.now()
    const running = runs.run()
    // What gives no promise has ended: waiting for it would let in what it has put off.
    if (isPromise(running)) await running
    const end = performance.now()
    const { timeOrigin } = performance
    return { start: timeOrigin + start, end: timeOrigin + end, longestTask: await tasks.longest() }
  },

  startCounting,

  async count(names) {
    const runs = await open(names)
    return countCalls(async () => runs.run())
  },

  async verify(names) {
    await (await open(names)).verify()
  },
}

/** Also of those that are no `Promise`, as Dexie's. */
function isPromise(given: unknown): given is PromiseLike<unknown> {
  return typeof given === 'object' && given !== null && 'then' in given
}

function open({ id, contender: name, round }: Names): Promise<Runs> {
  const database = `bench ${id} ${name}`
  const known = opened.get(database)
  if (known) return known
  const contender = scenarios.find((one) => one.id === id)?.contenders.find((one) => one.name === name)
  if (!contender) throw new Error(`There is no ${name} in ${id}.`)
  const runs = contender.open(database, round)
  opened.set(database, runs)
  return runs
}

// Not a timer: chained timers are held back by 4 ms.
function freshTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

/** The browser reports only tasks of 50 ms and more: 0 means that there was none. */
function watchLongTasks(): { longest(): Promise<number> } {
  let longest = 0
  const note = (entries: PerformanceEntryList) => {
    for (const { duration } of entries) longest = Math.max(longest, duration)
  }
  const observer = new PerformanceObserver((list) => note(list.getEntries()))
  observer.observe({ type: 'longtask' })
  return {
    async longest() {
      await freshTask()
      await new Promise((resolve) => setTimeout(resolve, 20))
      note(observer.takeRecords())
      observer.disconnect()
      return longest
    },
  }
}
