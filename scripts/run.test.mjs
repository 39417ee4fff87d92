import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { root } from './lib/paths.mjs'
import { firstFreePort } from './lib/ports.mjs'
import { findPython } from './lib/python.mjs'

const script = join(root, 'scripts/run.mjs')
// The first start may have to build.
const timeout = 120_000
const withoutPython = { PYTHON: 'there-is-no-such-python' }
const cleanUps = []
afterEach(() => Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp())))

test('start serves the playground, and Ctrl-C ends it', { timeout }, async () => {
  const port = await firstFreePort(20_000)
  const { child, url, ended } = start(port)
  expect(await url).toBe(`http://localhost:${port}/`)
  expect(await (await fetch(await url)).text()).toContain('<div id="root">')
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  await expect(fetch(await url)).rejects.toThrow()
  expect(await firstFreePort(port)).toBe(port)
})

test.runIf(process.platform !== 'win32')('start ends when what npm ran it in is gone', { timeout }, async () => {
  const port = await firstFreePort(22_000)
  const env = { PORT: String(port), npm_lifecycle_event: 'start', ...withoutPython }
  const { child, output } = run('sh', ['-c', `"${process.execPath}" "${script}" start; exit 0`], env)
  await addressIn(output)
  child.kill('SIGTERM')
  await expect.poll(() => firstFreePort(port), { timeout: 5000 }).toBe(port)
})

test('start takes the next free port when PORT is taken', { timeout }, async () => {
  const port = await firstFreePort(21_000)
  await occupy(port)
  const { url } = start(port)
  expect(Number(new URL(await url).port)).toBeGreaterThan(port)
})

test('start says that it goes on without Python', { timeout }, async () => {
  const { output, url } = start(await firstFreePort(23_000))
  await expect.poll(output, { timeout }).toContain('Backend: not started, because it needs Python 3.11 or newer.')
  expect((await fetch(await url)).ok).toBe(true)
})

test.runIf(findPython())('start starts the backend too, which ends with it however it ends', { timeout }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-backend-'))
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  const env = { BACKEND_PORT: String(await firstFreePort(24_000)), DATABASE_PATH: join(folder, 'data/storage.db') }
  const { child, output } = start(await firstFreePort(25_000), env)
  const url = await addressIn(output, 'Backend')
  expect(await (await fetch(`${url}health`)).json()).toMatchObject({ status: 'ok', protocol: 2 })
  child.kill('SIGKILL')
  await expect.poll(() => firstFreePort(Number(env.BACKEND_PORT)), { timeout: 5000 }).toBe(Number(env.BACKEND_PORT))
})

test.runIf(findPython())(
  'backend starts the server alone, on PORT and with the data in DATABASE_PATH',
  { timeout },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unified-storage-backend-'))
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
    const env = { PORT: String(await firstFreePort(27_000)), DATABASE_PATH: join(folder, 'data/storage.db') }
    const { child, output, ended } = run(process.execPath, [script, 'backend'], env)
    const url = await addressIn(output, 'Backend')
    expect(url).toBe(`http://localhost:${env.PORT}/`)
    const put = { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{"value":1}' }
    expect((await fetch(`${url}api/storage/a`, put)).status).toBe(200)
    expect(existsSync(env.DATABASE_PATH)).toBe(true)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(await firstFreePort(Number(env.PORT))).toBe(Number(env.PORT))
  },
)

test('backend refuses a port that is taken', async () => {
  const port = await firstFreePort(26_000)
  await occupy(port)
  const { output, ended } = run(process.execPath, [script, 'backend'], { PORT: String(port) })
  expect(await ended).toBe(1)
  expect(output()).toContain(`Port ${port} is taken; choose another with PORT.`)
})

test('an unknown command names the known ones', async () => {
  const { output, ended } = run(process.execPath, [script, 'strat'])
  expect(await ended).toBe(1)
  expect(output()).toContain('Unknown command "strat". Commands: start, backend, test, build')
})

test('an unknown test step names the known ones', async () => {
  const { output, ended } = run(process.execPath, [script, 'test', 'untit'])
  expect(await ended).toBe(1)
  expect(output()).toContain('Unknown: untit. There are: build, lint')
})

function start(port, env = withoutPython) {
  const started = run(process.execPath, [script, 'start'], { PORT: String(port), ...env })
  return { ...started, url: addressIn(started.output) }
}

async function addressIn(output, what = 'Playground') {
  const line = new RegExp(`^${what}: (http\\S+)$`, 'm')
  await expect.poll(output, { timeout }).toMatch(line)
  return line.exec(output())[1]
}

function run(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env } })
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  child.stderr.on('data', (chunk) => (text += chunk))
  const ended = new Promise((resolve) => child.once('close', resolve))
  cleanUps.push(() => child.kill('SIGKILL') && ended)
  return { child, output: () => text, ended }
}

function occupy(port) {
  const server = createServer().listen(port, '127.0.0.1')
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)))
  return new Promise((resolve) => server.once('listening', resolve))
}
