import { existsSync, readFileSync } from 'node:fs'
import { installPython, runPython } from './python.mjs'

const tests = ['test_random_requests', 'test_random_stories', 'test_crashes'].map((name) => `tests/${name}.py`)
// Enough for 20,000 requests to a server in this process, and 5,000 mutations pushed to one that is killed.
const amounts = { TORTURE_EXAMPLES: '70', TORTURE_STORIES: '80', TORTURE_MUTATIONS: '5000', TORTURE_WORKERS: '4' }

/**
 * Asks the server random questions and kills it while clients push; on SQLite and PostgreSQL. Answers a line for each test that
 * got to its counts, and whether all held; what did not, pytest has printed.
 */
export async function tortureBackend(resultsFile, seed) {
  if (!(await installPython('requirements-dev.lock')))
    throw new Error('The backend needs Python 3.11 or newer; see above.')
  const env = { TORTURE_SEED: String(seed), TORTURE_RESULTS: resultsFile, ...amounts }
  const held = (await runPython(['-m', 'pytest', ...tests], { env })) === 0
  return { held, lines: linesOf(resultsFile) }
}

/** One JSON value a line; nothing when the file is not there. */
export function linesOf(file) {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line))
}
