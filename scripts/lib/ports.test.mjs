import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { firstFreePort, wantedPort } from './ports.mjs'

const servers = []
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))))

test('a free port is taken as it is', async () => {
  const port = await listen('127.0.0.1')
  await new Promise((resolve) => servers.pop().close(resolve))
  expect(await firstFreePort(port)).toBe(port)
})

test.each(['127.0.0.1', '0.0.0.0', '::1'])('a port that is taken on %s gives a later one', async (address) => {
  const port = await listen(address)
  expect(await firstFreePort(port)).toBeGreaterThan(port)
})

test('PORT is 5173 unless it says otherwise', () => {
  expect(wantedPort(undefined)).toBe(5173)
  expect(wantedPort('8080')).toBe(8080)
})

test.each(['', 'abc', '0', '-1', '80.5', '65536'])('PORT "%s" is refused', (text) => {
  expect(() => wantedPort(text)).toThrow(`PORT must be a whole number from 1 to 65535, not "${text}".`)
})

function listen(address) {
  const server = createServer()
  servers.push(server)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, address, () => resolve(server.address().port))
  })
}
