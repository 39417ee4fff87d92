import { ensureChromium } from '../find-chromium.mjs'
import { buildAll } from './build.mjs'
import { checkPackages } from './check-packages.mjs'
import { mapAtOnce } from './map-at-once.mjs'
import { typescriptProjects, typeTests } from './paths.mjs'
import { runTool } from './processes.mjs'
import { testBackend } from './test-backend.mjs'
import { runVitest } from './vitest.mjs'

const compilersAtOnce = 2
const passed = { passed: 1, failed: 0, skipped: 0 }
const failed = { passed: 0, failed: 1, skipped: 0 }
const skipped = { passed: 0, failed: 0, skipped: 1 }

/**
 * What `npm test` runs, in this order; each answers how much passed, failed and was skipped. The build comes first because
 * the linter and the type checker read the playground's packages as an outside user gets them: from their dist.
 */
export const steps = [
  check('build', buildAll),
  check('lint', lint),
  check('format', async () => (await runTool('prettier', ['--check', '.'])) === 0),
  check('types', checkTypes),
  check('packages', checkPackages),
  check('knip', async () => (await runTool('knip', ['--no-config-hints'])) === 0),
  { name: 'unit', run: () => runVitest('unit') },
  inChromium('browser'),
  inChromium('react-18'),
  { name: 'react-18-server', run: () => runVitest('react-18-server') },
  inChromium('react-compiler'),
  inChromium('storybook'),
  inChromium('e2e'),
  inChromium('consumers'),
  { name: 'backend', run: testBackend },
  { name: 'scripts', run: () => runVitest('scripts') },
]

export async function lint() {
  return (await runTool('eslint', ['--max-warnings=0', '--concurrency=auto', '.'])) === 0
}

/** All projects, whatever the first ones say; and the type tests with the oldest TypeScript that apps may use. */
export async function checkTypes() {
  const projects = typescriptProjects().map((folder) => ['typescript', folder])
  const checkOne = ([compiler, folder]) => runTool(compiler, ['-p', folder], { bin: 'tsc' })
  const exitCodes = await mapAtOnce([['typescript-5.6', typeTests], ...projects], compilersAtOnce, checkOne)
  return exitCodes.every((exitCode) => exitCode === 0)
}

function check(name, work) {
  return { name, run: async () => ((await work()) ? passed : failed) }
}

function inChromium(name) {
  return { name, run: async () => ((await ensureChromium()) ? runVitest(name) : withoutChromium()) }
}

function withoutChromium() {
  console.error('There is no Chromium and it could not be installed. Set CHROMIUM_PATH to a Chromium or Chrome.')
  return process.env.CI === 'true' ? failed : skipped
}
