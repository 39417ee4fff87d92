import { setTimeout as sleep } from 'node:timers/promises'
import { firstFreePort, wantedPort } from './ports.mjs'
import { installPython, runPython } from './python.mjs'

const lock = 'requirements.lock'
const defaultPort = '5001'
const pollMilliseconds = 100
const startSeconds = 60

/** The backend alone, until it is stopped; on exactly the port that PORT asks for. */
export async function backendInForeground() {
  const port = wantedPort(process.env.PORT ?? defaultPort)
  if ((await firstFreePort(port)) !== port) throw new Error(`Port ${port} is taken; choose another with PORT.`)
  const problem = await setUp()
  if (problem) throw new Error(problem)
  const { ended } = await launch(port)
  return (await ended) === 0
}

/** The backend next to the playground, where there is a Python for it; whatever happens, the playground goes on. */
export async function backendBeside() {
  const problem = await setUp()
  if (problem) return console.log(`${problem} The playground works without it.`)
  // PORT is the playground's.
  const { ready, ended } = await launch(await firstFreePort(wantedPort(process.env.BACKEND_PORT ?? defaultPort)))
  if (ready) ended.then(() => console.error('The backend has ended; the playground goes on without it.'))
}

async function setUp() {
  const installed = await installPython(lock)
  if (installed) return undefined
  if (installed === undefined) return 'Backend: not started, because it needs Python 3.11 or newer.'
  return 'Backend: not started, because its dependencies could not be installed; see above.'
}

async function launch(port) {
  const ended = runPython(['-m', 'unified_storage_backend'], { env: { PORT: String(port), STOP_WITH_PARENT: '1' } })
  const ready = await Promise.race([ended.then(() => false), answers(port)])
  console.log(ready ? `Backend: http://localhost:${port}/` : 'Backend: it did not start; see above.')
  return { ready, ended }
}

async function answers(port) {
  for (let waited = 0; waited < startSeconds * 1000; waited += pollMilliseconds) {
    await sleep(pollMilliseconds)
    if (await isHealthy(port)) return true
  }
  return false
}

async function isHealthy(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).ok
  } catch {
    return false
  }
}
