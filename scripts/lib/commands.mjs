import { backendBeside, backendInForeground } from './backend.mjs'
import { runBench } from './bench.mjs'
import { buildAll } from './build.mjs'
import { installDependencies } from './install.mjs'
import { wantedPort } from './ports.mjs'
import { runTool, stopChildrenOnSignals } from './processes.mjs'
import { servePlayground } from './serve-playground.mjs'
import { checkTypes, lint } from './steps.mjs'
import { runTests } from './test.mjs'
import { torture } from './torture.mjs'

const commands = {
  start,
  backend: backendInForeground,
  test: runTests,
  build: buildAll,
  lint: async () => (await buildAll()) && lint(),
  typecheck: async () => (await buildAll()) && checkTypes(),
  bench: runBench,
  format: () => succeeds(runTool('prettier', ['--write', '.'])),
  storybook: () => succeeds(runTool('storybook', ['dev', '--port', '6006'])),
  torture,
}

/** Installs what is missing, then does what the command says; the exit code tells how it went. */
export async function runCommand(name, args) {
  const command = commands[name]
  if (!command) return fail(`Unknown command "${name ?? ''}". Commands: ${Object.keys(commands).join(', ')}.`)
  stopChildrenOnSignals()
  try {
    // The backend is Python alone.
    if (name !== 'backend' && !(await installDependencies()))
      return fail('The dependencies could not be installed; see above.')
    if (!(await command(args))) process.exitCode = 1
  } catch (error) {
    fail(error.message)
  }
}

async function start() {
  const port = wantedPort(process.env.PORT)
  if (!(await buildAll())) return false
  const { url } = await servePlayground(port)
  console.log(`Playground: ${url}`)
  await backendBeside()
  return true
}

async function succeeds(exitCode) {
  return (await exitCode) === 0
}

function fail(message) {
  console.error(message)
  process.exitCode = 1
}
