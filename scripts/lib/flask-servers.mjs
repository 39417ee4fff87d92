import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { backend } from './paths.mjs'
import { firstFreePort } from './ports.mjs'
import { python, runPython } from './python.mjs'

const pollMilliseconds = 50
const startSeconds = 60
const firstPort = 5101
// Two that start at once must not find the same port free.
let nextPort = firstPort

/**
 * Starts the real server on data of its own; it can be killed and started again, on the same data and port. `priority` is that of
 * its processes, as in `os.setPriority`.
 */
export async function startFlask(settings = {}, { priority } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-flask-'))
  const port = await firstFreePort(nextPort)
  nextPort = port + 1
  const environment = {
    PYTHONPATH: join(backend, 'src'),
    DATABASE_PATH: join(folder, 'storage.db'),
    PORT: String(port),
    STOP_WITH_PARENT: '1',
    ...settings,
  }
  let child

  async function start() {
    const env = { ...process.env, ...environment }
    // A group of its own, so that killing it reaches its workers.
    child = spawn(python, ['-m', 'unified_storage_backend'], { cwd: folder, env, stdio: 'ignore', detached: true })
    // Its workers, which it has not started yet, take this over.
    if (priority !== undefined) setPriority(child.pid, priority)
    await untilHealthy(port)
  }

  async function kill() {
    if (child.exitCode !== null || child.signalCode !== null) return
    process.kill(-child.pid, 'SIGKILL')
    await once(child, 'exit')
  }

  await start()
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    start,
    kill,
    /** Runs one of the server's commands on its data. */
    command: (...args) =>
      runPython(['-m', 'flask', '--app', 'unified_storage_backend', ...args], { env: environment, quiet: true }),
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilHealthy(port) {
  for (let waited = 0; waited < startSeconds * 1000; waited += pollMilliseconds) {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    if (response?.ok) return
    await sleep(pollMilliseconds)
  }
  throw new Error(`The server for the tests did not start on port ${port}.`)
}
