import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeResults, judge } from './report.mjs'

const folder = join(import.meta.dirname, '..')

/**
 * Keeps results in results.json and results.md: what ran takes the place of its earlier self, and the others stay, each with the
 * machine it ran on. Called after each scenario, so that a run that is broken off loses only the one under way.
 */
export function saveResult({ features }, result, order) {
  const stem = join(folder, features ? `results.${features}` : 'results')
  const known = existsSync(`${stem}.json`) ? JSON.parse(readFileSync(`${stem}.json`, 'utf8')) : []
  const results = replaceResult(known, withRatios(result), order)
  writeFileSync(`${stem}.json`, `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(`${stem}.md`, describeResults(results))
}

/** In the order of the scenarios, whichever ran first; one that is no longer among them is dropped. */
export function replaceResult(results, result, order) {
  const byId = new Map([...results, result].map((one) => [one.id, one]))
  return order.flatMap((id) => byId.get(id) ?? [])
}

function withRatios(result) {
  return result.rounds ? { ...result, goals: judge(result) } : result
}
