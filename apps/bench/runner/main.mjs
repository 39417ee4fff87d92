// Measures, prints the tables and writes results.md and results.json. Started by `npm run bench`, which builds the packages.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { launch } from './launch.mjs'
import { measure } from './measure.mjs'
import { isWanted, readOptions } from './options.mjs'
import { describeRun, describeScenario, describeSizes, judge } from './report.mjs'
import { servePage } from './serve-page.mjs'
import { measureSizes } from './sizes.mjs'

const folder = join(import.meta.dirname, '..')
const options = readOptions(process.argv.slice(2))

const server = await servePage()
try {
  const run = await measureAll(server.url)
  if (!options.dry) save(run)
} finally {
  await server.close()
}

async function measureAll(url) {
  const browser = await launch(options)
  const loadBefore = loadavg()[0]
  try {
    const scenarios = []
    for (const scenario of await wantedScenarios(browser.context, url)) {
      scenarios.push(await measure(browser.context, url, scenario, options.rounds))
      console.log(describeScenario(scenarios.at(-1)).join('\n'))
    }
    const sizes = isWanted(options, 'P14') ? await measureSizes() : undefined
    if (sizes) console.log(describeSizes(sizes).join('\n'))
    return { machine: describeMachine(browser, loadBefore), scenarios, sizes }
  } finally {
    await browser.close()
  }
}

async function wantedScenarios(context, url) {
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => globalThis.bench !== undefined)
  const all = await page.evaluate(() => globalThis.bench.describe())
  await page.close()
  return all.filter(({ id }) => isWanted(options, id))
}

function describeMachine(browser, loadBefore) {
  return {
    Date: new Date().toISOString().slice(0, 10),
    Chromium: browser.version,
    'IndexedDB engine': `${browser.engine()}${options.features ? ` (with --enable-features=${options.features})` : ''}`,
    Cores: `${cpus().length} of ${cpus()[0]?.model ?? 'an unknown kind'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    'Load average before and after': `${loadBefore.toFixed(1)} and ${loadavg()[0].toFixed(1)}`,
    Rounds: `${options.rounds}, after one to warm up`,
    Durability:
      'relaxed for all: asked for where a library lets us, by default in Chromium where not ("default" below)',
    Contenders: Object.entries(peerVersions())
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    ...(options.note && { Note: options.note }),
  }
}

function peerVersions() {
  const names = ['idb-keyval', 'localforage', 'dexie', 'unstorage']
  const manifestOf = (name) => JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'))
  return Object.fromEntries(names.map((name) => [name, manifestOf(name).version]))
}

/** Each engine has results of its own. */
function save(run) {
  const stem = join(folder, options.features ? `results.${options.features}` : 'results')
  writeFileSync(`${stem}.md`, describeRun(run))
  const judged = run.scenarios.map((scenario) => ({ ...scenario, goals: judge(scenario) }))
  writeFileSync(`${stem}.json`, `${JSON.stringify({ ...run, scenarios: judged }, null, 2)}\n`)
}
