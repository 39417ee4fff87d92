import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Remains } from '../fixtures/crash/main.ts'

/** A server that hears pages and answers none of them. */
export type Bell = {
  /** An address of its own, and what is told there. */
  expectCall(): { address: string; told: Promise<Remains> }
  stop(): void
}

export async function startBell(): Promise<Bell> {
  const expected = new Map<string, (remains: Remains) => void>()
  const server = createServer((request) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => expected.get(request.url ?? '')?.(JSON.parse(body) as Remains))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    expectCall() {
      const path = `/${expected.size}`
      const told = new Promise<Remains>((resolve) => expected.set(path, resolve))
      return { address: `http://127.0.0.1:${port}${path}`, told }
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
