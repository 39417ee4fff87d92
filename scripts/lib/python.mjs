import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, unlessUnchanged } from './fingerprint.mjs'
import { backend } from './paths.mjs'
import { run } from './processes.mjs'

const oldest = [3, 11]
const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11']
const environment = join(backend, '.venv')
const script = 'import sys; print(*sys.version_info[:3], sys.executable, sep="\\n")'

/** The Python of the backend's own environment. */
export const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')

/** A Python that is new enough for the backend, or undefined. */
export function findPython(candidates = process.env.PYTHON ? [process.env.PYTHON] : names) {
  return candidates.map(describe).find((found) => found && isNewEnough(found.version))
}

export function isNewEnough([major, minor]) {
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

/**
 * Makes the backend's environment and installs what a lock of it names, when either has changed. Answers false when that fails,
 * and undefined where there is no Python.
 */
export async function installPython(lockName) {
  const found = findPython()
  if (!found) return undefined
  if (!(await makeEnvironment(found))) return false
  const lock = join(backend, lockName)
  const hash = fingerprint([lock], found.version.join('.'))
  return unlessUnchanged(join(environment, `.installed-${lockName}`), hash, async () => {
    console.log('Installing the dependencies of the backend')
    return (await installWithUv(lock)) || (await installWithPip(lock))
  })
}

/** Runs the environment's Python on the sources, which are not installed. */
export function runPython(args, { env = {}, ...options } = {}) {
  return run(python, args, { cwd: backend, env: { ...env, PYTHONPATH: join(backend, 'src') }, ...options })
}

// With another Python than it was made by, the environment may not even start.
async function makeEnvironment({ version, path }) {
  const whole = existsSync(python) && describe(python)?.version.join('.') === version.join('.')
  const hash = fingerprint([], `${path} ${version.join('.')}`)
  const stamp = join(environment, '.made')
  if (!whole) return (await create(path)) && unlessUnchanged(stamp, hash, async () => true)
  return unlessUnchanged(stamp, hash, () => create(path))
}

async function create(path) {
  // With pip in it, for when the lock cannot be installed with uv.
  if (hasUv() && (await run('uv', ['venv', '--quiet', '--clear', '--seed', '--python', path, environment])) === 0)
    return true
  if ((await run(path, ['-m', 'venv', '--clear', environment])) === 0) return true
  console.error('Python could not make an environment; on Debian and Ubuntu, install the package python3-venv.')
  return false
}

async function installWithUv(lock) {
  if (!hasUv()) return false
  return (await run('uv', ['pip', 'install', '--quiet', '--python', python, '--require-hashes', '-r', lock])) === 0
}

function hasUv() {
  return spawnSync('uv', ['--version'], { stdio: 'ignore' }).status === 0
}

async function installWithPip(lock) {
  const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes', '--only-binary', ':all:']
  return (await run(python, ['-m', 'pip', 'install', ...options, '-r', lock])) === 0
}

function describe(command) {
  const { status, stdout } = spawnSync(command, ['-c', script], { encoding: 'utf8' })
  if (status !== 0) return undefined
  const [major, minor, patch, path] = stdout.trim().split(/\r?\n/)
  return { version: [major, minor, patch].map(Number), path }
}
