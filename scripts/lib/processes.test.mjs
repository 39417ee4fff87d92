import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './paths.mjs'
import { run } from './processes.mjs'

const posix = process.platform !== 'win32'
const processesModule = JSON.stringify(join(root, 'scripts/lib/processes.mjs'))

// A child that starts a grandchild, prints both ids and would run for ever.
const family = `
  const { spawn } = require('node:child_process')
  const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  console.log(JSON.stringify([process.pid, grandchild.pid]))
  setInterval(() => {}, 1000)
`
const runner = `
  const { run, runNode, stopChildrenOnSignals } = await import(${processesModule})
  stopChildrenOnSignals()
  await run(process.execPath, ['-e', ${JSON.stringify(family)}])
  await run(process.execPath, ['-e', 'console.log("next step")'])
`

test('run answers the exit code', async () => {
  expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toBe(3)
  expect(await run(process.execPath, ['-e', '0'], { quiet: true })).toBe(0)
})

test('a command that does not exist fails instead of throwing', async () => {
  expect(await run('/no/such/command', [], { quiet: true })).toBe(1)
})

test.runIf(posix).each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s ends children and grandchildren, and starts nothing more', async (signal, exitCode) => {
  const { child, lines } = start(process.execPath, ['--input-type=module', '-e', runner])
  const pids = JSON.parse(await lines.first())
  expect(pids.every(isAlive)).toBe(true)
  child.kill(signal)
  expect(await lines.end()).toBe(exitCode)
  await expect.poll(() => pids.filter(isAlive)).toEqual([])
  expect(lines.all()).toHaveLength(1)
})

function start(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  const ended = new Promise((resolve) => child.once('close', resolve))
  const first = new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text.split('\n')[0])
    })
  })
  return { child, lines: { first: () => first, end: () => ended, all: () => text.trim().split('\n') } }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch {
    return false
  }
}

// Dead, and only waiting for the system's first process to take note of it, which may need seconds in a container.
function isZombie(pid) {
  const statusFile = `/proc/${pid}/stat`
  return existsSync(statusFile) && /\) Z /.test(readFileSync(statusFile, 'utf8'))
}
