import { watchHeap } from './heap.mjs'
import { orderOf } from './statistics.mjs'

/** Runs a scenario: a round to warm up, the timed rounds, and one in other pages that only counts. */
export async function measure(context, url, scenario, roundCount) {
  const timed = await inPages(context, url, scenario, (pages) => timeRounds(pages, scenario, roundCount))
  const counts = await inPages(context, url, scenario, (pages) => count(pages, scenario))
  return { ...scenario, ...timed, counts }
}

async function inPages(context, url, scenario, work) {
  const pages = await Promise.all(Array.from({ length: scenario.pages }, () => openPage(context, url)))
  try {
    return await work(pages)
  } finally {
    for (const page of pages) await page.close()
  }
}

async function timeRounds(pages, { id, contenders, watchesHeap }, roundCount) {
  const rounds = []
  const longestTasks = {}
  const heapGrowths = {}
  for (let round = -1; round < roundCount; round++) {
    const times = {}
    for (const contender of orderOf(contenders, Math.max(0, round))) {
      const { milliseconds, longestTask, heapGrowth } = await sample(pages, id, contender, watchesHeap)
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

/** With several pages, from the start of the first to the end of the last. */
async function sample(pages, id, contender, watchesHeap) {
  const names = { id, contender }
  await pages[0].evaluate(({ id, contender }) => globalThis.bench.prepare(id, contender), names)
  const heap = watchesHeap ? await watchHeap(pages[0]) : undefined
  const samples = await Promise.all(
    pages.map((page) => page.evaluate(({ id, contender }) => globalThis.bench.sample(id, contender), names)),
  )
  const heapGrowth = await heap?.growth()
  await verify(pages, names)
  const start = Math.min(...samples.map((one) => one.start))
  const end = Math.max(...samples.map((one) => one.end))
  return { milliseconds: end - start, longestTask: Math.max(...samples.map((one) => one.longestTask)), heapGrowth }
}

async function count(pages, { id, contenders }) {
  const counts = {}
  for (const page of pages) await page.evaluate(() => globalThis.bench.startCounting())
  for (const contender of contenders) {
    const names = { id, contender }
    await pages[0].evaluate(({ id, contender }) => globalThis.bench.prepare(id, contender), names)
    const each = await Promise.all(
      pages.map((page) => page.evaluate(({ id, contender }) => globalThis.bench.count(id, contender), names)),
    )
    await verify(pages, names)
    counts[contender] = {
      transactions: sum(each.map((one) => one.transactions)),
      requests: sum(each.map((one) => one.requests)),
      durability: [...new Set(each.flatMap((one) => one.durability))],
    }
  }
  return counts
}

async function verify([page], names) {
  await page.evaluate(({ id, contender }) => globalThis.bench.verify(id, contender), names)
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
