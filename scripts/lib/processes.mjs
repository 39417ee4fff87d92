import { spawn, spawnSync } from 'node:child_process'
import { root, toolScript } from './paths.mjs'

const posix = process.platform !== 'win32'
const graceMilliseconds = 5000
const watchMilliseconds = 500
const running = new Set()
let stopping = false

/** Runs a command to its end and answers its exit code; with `quiet`, its output is shown only when it fails. */
export function run(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  // After Ctrl-C nothing new may start; the promise stays open until the process exits.
  if (stopping) return new Promise(() => {})
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    // A group of its own, so that stopping it reaches the processes that it has started too.
    detached: posix,
  })
  running.add(child)
  return quiet ? finishQuietly(child) : finish(child)
}

export function runNode(script, args = [], options = {}) {
  return run(process.execPath, [script, ...args], options)
}

export function runTool(packageName, args = [], options = {}) {
  return runNode(toolScript(packageName, options.bin), args, options)
}

/** npm as the script that is running us, where there is one: that needs no shell, on Windows either. */
export function runNpm(args, options = {}) {
  const npm = process.env.npm_execpath ?? ''
  if (npm.endsWith('npm-cli.js')) return runNode(npm, args, options)
  return run(posix ? 'npm' : 'npm.cmd', args, options)
}

/** Makes Ctrl-C and a termination request end every process that `run` has started, then this one. */
export function stopChildrenOnSignals() {
  process.on('SIGINT', () => stop(130))
  process.on('SIGTERM', () => stop(143))
  process.on('SIGHUP', () => stop(129))
  if (posix && process.env.npm_lifecycle_event) stopWhenParentEnds()
}

// npm, or a shell between it and this process, may be killed without a chance to pass that on.
function stopWhenParentEnds() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop(143)
  }, watchMilliseconds)
  timer.unref()
}

async function stop(exitCode) {
  // Whoever asks a second time does not want to wait.
  if (stopping) signalAll('SIGKILL')
  stopping = true
  const ends = [...running].map((child) => finish(child))
  signalAll('SIGTERM')
  const timer = setTimeout(() => signalAll('SIGKILL'), graceMilliseconds)
  await Promise.all(ends)
  clearTimeout(timer)
  process.exit(exitCode)
}

function signalAll(signal) {
  for (const child of running) signalGroup(child, signal)
}

function signalGroup(child, signal) {
  if (!posix) return spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'])
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // The group has ended by itself in the meantime.
    if (error.code !== 'ESRCH') throw error
  }
}

function finish(child) {
  return new Promise((resolve) => {
    const end = (exitCode) => {
      running.delete(child)
      resolve(exitCode)
    }
    child.once('error', (error) => {
      console.error(error.message)
      end(1)
    })
    child.once('close', (code) => end(code ?? 1))
  })
}

async function finishQuietly(child) {
  const output = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk))
  const exitCode = await finish(child)
  if (exitCode !== 0) process.stderr.write(Buffer.concat(output))
  return exitCode
}
