// How long a large export and its import take, and how much memory, in a browser on the packages' dist:
// node apps/bench/runner/large-file.mjs [backend] [keys] [bytes] [note]. Results go to large-files.md and large-files.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { launch } from './launch.mjs'
import { describeLargeFiles, replaceRun } from './large-file-report.mjs'
import { describeMachine } from './machine.mjs'
import { servePage } from './serve-page.mjs'

const SAMPLE_MS = 100
const STEM = join(import.meta.dirname, '../large-files')

const [backend = 'indexeddb', keys = '100000', bytes = '10240', note] = process.argv.slice(2)
const loadBefore = loadavg()[0]
const server = await servePage()
const browser = await launch({})
try {
  const steps = await runSteps()
  const machine = describeMachine(browser, { rounds: 1, note }, loadBefore)
  save({ backend, keys: Number(keys), bytes: Number(bytes), machine, steps })
} finally {
  await browser.close()
  await server.close()
}

async function runSteps() {
  const page = await browser.context.newPage()
  const client = await browser.context.newCDPSession(page)
  await page.goto(server.url)
  await page.waitForFunction(() => globalThis.bench !== undefined)
  const plan = [
    ['fill', [backend, Number(keys), Number(bytes)]],
    ['exportFile', [false]],
    ['preview', []],
    ['clear', []],
    ['importFile', []],
    ['undoImport', []],
  ]
  const steps = []
  for (const [step, args] of plan) steps.push(await run(page, client, step, args))
  return steps
}

/** The heap is looked at from outside, garbage included: what it holds at its fullest is what a page has to bear. */
async function run(page, client, step, args) {
  let most = 0
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      const { usedSize, backingStorageSize = 0 } = await client.send('Runtime.getHeapUsage')
      most = Math.max(most, usedSize + backingStorageSize)
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))
    }
  })()
  const start = performance.now()
  const { result, longestTask, longTasks } = await page.evaluate(runStep, { step, args })
  const seconds = (performance.now() - start) / 1000
  isOver = true
  await watching
  const measured = { step, seconds, heapBytes: most, longestTask, longTasks, result }
  console.log(JSON.stringify(measured))
  return measured
}

/** In the page. */
async function runStep({ step, args }) {
  let longestTask = 0
  let longTasks = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      longestTask = Math.max(longestTask, duration)
      longTasks += 1
    }
  })
  observer.observe({ type: 'longtask' })
  const result = await globalThis.bench.largeFile[step](...args)
  observer.disconnect()
  return { result, longestTask, longTasks }
}

function save(measured) {
  const known = existsSync(`${STEM}.json`) ? JSON.parse(readFileSync(`${STEM}.json`, 'utf8')) : []
  const runs = replaceRun(known, measured)
  writeFileSync(`${STEM}.json`, `${JSON.stringify(runs, null, 2)}\n`)
  writeFileSync(`${STEM}.md`, describeLargeFiles(runs))
}
