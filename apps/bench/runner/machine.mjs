import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

const modules = join(import.meta.dirname, '../node_modules')
const peers = ['idb-keyval', 'localforage', 'dexie', 'unstorage', 'sql.js', 'react', '@tanstack/react-query']

/** What a scenario ran on; asked for when it has run, because the engine shows by its files. */
export function describeMachine(browser, { rounds, features, note }, loadBefore) {
  return {
    date: new Date().toISOString().slice(0, 10),
    chromium: browser.version,
    engine: browser.engine(),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: [loadBefore, loadavg()[0]].map((load) => load.toFixed(1)),
    rounds,
    contenders: peers.map((name) => `${name} ${versionOf(name)}`),
    ...(features && { features }),
    ...(note && { note }),
  }
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version
}
