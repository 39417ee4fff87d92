// How long a large export and its import take, and how much memory: node apps/bench/runner/large-file.mjs [backend] [keys] [bytes]
import { launch } from './launch.mjs'
import { servePage } from './serve-page.mjs'

const SAMPLE_MS = 100

const [backend = 'indexeddb', keys = '100000', bytes = '10240'] = process.argv.slice(2)
const server = await servePage()
const browser = await launch({})
try {
  const page = await browser.context.newPage()
  const client = await browser.context.newCDPSession(page)
  await page.goto(server.url)
  await page.waitForFunction(() => globalThis.bench !== undefined)
  const steps = [
    ['fill', [backend, Number(keys), Number(bytes)]],
    ['exportFile', [false]],
    ['clear', []],
    ['importFile', []],
    ['undoImport', []],
  ]
  for (const [step, args] of steps) await run(page, client, step, args)
} finally {
  await browser.close()
  await server.close()
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
  const { result, longestTask } = await page.evaluate(
    async ({ step, args }) => {
      let longestTask = 0
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration)
      })
      observer.observe({ type: 'longtask' })
      const result = await globalThis.bench.largeFile[step](...args)
      observer.disconnect()
      return { result, longestTask }
    },
    { step, args },
  )
  const seconds = (performance.now() - start) / 1000
  isOver = true
  await watching
  const heap = Math.round(most / 2 ** 20)
  console.log(`${step}: ${seconds.toFixed(1)} s, heap ${heap} MiB, longest task ${longestTask} ms, ${result ?? ''}`)
}
