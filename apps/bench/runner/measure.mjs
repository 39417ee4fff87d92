import { watchHeap } from './heap.mjs'
import { orderOf } from './statistics.mjs'

/** Runs a scenario: a round to warm up, the timed rounds, and one in other pages that only counts. */
export async function measure(context, url, scenario, roundCount) {
  const timed = await withLender(context, url, scenario, (lend) => timeRounds(lend, scenario, roundCount))
  const counts = await withLender(context, url, scenario, (lend) => count(lend, scenario))
  return { ...scenario, ...timed, counts }
}

/** Pages are lent to one task after the other: the same ones, or new ones each time where a scenario asks for that. */
async function withLender(context, url, { pages, usesNewPages }, work) {
  if (usesNewPages) return work((task) => inPages(context, url, pages, task))
  return inPages(context, url, pages, (same) => work((task) => task(same)))
}

async function inPages(context, url, pageCount, work) {
  const pages = await Promise.all(Array.from({ length: pageCount }, () => openPage(context, url)))
  try {
    return await work(pages)
  } finally {
    for (const page of pages) await page.close()
  }
}

async function timeRounds(lend, { id, contenders, watchesHeap }, roundCount) {
  const rounds = []
  const longestTasks = {}
  const heapGrowths = {}
  for (let round = -1; round < roundCount; round++) {
    const times = {}
    for (const contender of orderOf(contenders, Math.max(0, round))) {
      const { milliseconds, longestTask, heapGrowth } = await sample(lend, { id, contender, round }, watchesHeap)
      times[contender] = milliseconds
      if (round < 0) continue
      longestTasks[contender] = Math.max(longestTasks[contender] ?? 0, longestTask)
      if (watchesHeap) heapGrowths[contender] = Math.max(heapGrowths[contender] ?? 0, heapGrowth)
    }
    if (round >= 0) rounds.push(times)
  }
  return { rounds, longestTasks, ...(watchesHeap && { heapGrowths }) }
}

async function openPage(context, url) {
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => globalThis.bench !== undefined)
  return page
}

async function sample(lend, names, watchesHeap) {
  await lend(([page]) => call(page, 'prepare', names))
  return lend(async (pages) => {
    await call(pages[0], 'open', names)
    const heap = watchesHeap ? await watchHeap(pages[0]) : undefined
    const samples = await Promise.all(pages.map((page) => call(page, 'sample', names)))
    const heapGrowth = await heap?.growth()
    await call(pages[0], 'verify', names)
    return { ...joined(samples), heapGrowth }
  })
}

/** With several pages, from the start of the first to the end of the last. */
function joined(samples) {
  const start = Math.min(...samples.map((one) => one.start))
  const end = Math.max(...samples.map((one) => one.end))
  return { milliseconds: end - start, longestTask: Math.max(...samples.map((one) => one.longestTask)) }
}

async function count(lend, { id, contenders, watchesHeap }) {
  const counts = {}
  for (const contender of contenders) {
    const names = { id, contender, round: 'counting' }
    await lend(async (pages) => {
      await startCounting(pages)
      await call(pages[0], 'prepare', names)
    })
    counts[contender] = await lend((pages) => countOne(pages, names, watchesHeap))
  }
  return counts
}

async function countOne(pages, names, watchesHeap) {
  await startCounting(pages)
  await call(pages[0], 'open', names)
  const heap = watchesHeap ? await watchHeap(pages[0], { collect: true }) : undefined
  const each = await Promise.all(pages.map((page) => call(page, 'count', names)))
  const liveHeapGrowth = await heap?.growth()
  await call(pages[0], 'verify', names)
  return {
    transactions: sum(each.map((one) => one.transactions)),
    requests: sum(each.map((one) => one.requests)),
    durability: [...new Set(each.flatMap((one) => one.durability))],
    ...(watchesHeap && { liveHeapGrowth }),
  }
}

/** Before anything is opened. */
async function startCounting(pages) {
  for (const page of pages) await call(page, 'startCounting')
}

function call(page, method, names) {
  return page.evaluate(({ method, names }) => globalThis.bench[method](names), { method, names })
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
