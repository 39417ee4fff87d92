// Measures, prints the tables and writes the results. Started by `npm run bench`, which builds the packages.
import { constants, loadavg } from 'node:os'
import { startFlask } from '../../../scripts/lib/flask-servers.mjs'
import { installPython } from '../../../scripts/lib/python.mjs'
import { launch } from './launch.mjs'
import { describeMachine } from './machine.mjs'
import { measure } from './measure.mjs'
import { isWanted, readOptions } from './options.mjs'
import { describeResult } from './report.mjs'
import { saveResult } from './results.mjs'
import { servePage } from './serve-page.mjs'
import { measureSizes } from './sizes.mjs'

const SIZES = { id: 'P14', title: 'download, minified and in brotli, before anything lazy' }

const options = readOptions(process.argv.slice(2))
const server = await servePage()
try {
  await measureAll(server.url)
} finally {
  await server.close()
}

async function measureAll(url) {
  const browser = await launch(options)
  try {
    const all = [...(await describeScenarios(browser.context, url)), SIZES]
    for (const scenario of all.filter(({ id }) => isWanted(options, id))) {
      const loadBefore = loadavg()[0]
      const result = await measureOne(browser.context, url, scenario)
      report({ ...result, machine: describeMachine(browser, options, loadBefore) }, all)
    }
  } finally {
    await browser.close()
  }
}

async function measureOne(context, url, scenario) {
  if (scenario === SIZES) return { ...SIZES, sizes: await measureSizes() }
  if (!scenario.needsFlask) return measure(context, url, scenario, options.rounds)
  const flask = await startServer()
  try {
    const address = `${url}?flask=${encodeURIComponent(`http://localhost:${flask.port}`)}`
    return await measure(context, address, scenario, options.rounds)
  } finally {
    await flask.stop()
  }
}

async function startServer() {
  if (!(await installPython('requirements.lock')))
    throw new Error('The server needs Python 3.11 or newer; see above. Leave it out with --only.')
  // Elsewhere it is another machine: here the page must not wait for a core that the server has.
  return startFlask({}, { priority: constants.priority.PRIORITY_LOW })
}

function report(result, all) {
  console.log(describeResult(result).join('\n'))
  if (options.dry) return
  const order = all.map(({ id }) => id)
  saveResult(options, result, order)
}

async function describeScenarios(context, url) {
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => globalThis.bench !== undefined)
  const scenarios = await page.evaluate(() => globalThis.bench.describe())
  await page.close()
  return scenarios
}
