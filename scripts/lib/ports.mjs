import { createServer } from 'node:net'

const highestPort = 65535
// A server on one of these answers at "localhost" for somebody, whichever the browser tries first.
const addresses = ['127.0.0.1', '::1', '::']
// The machine has no IPv6: then nothing can stand in the way there.
const addressMissing = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/** The first port from this one upwards that nothing listens on. */
export async function firstFreePort(from) {
  for (let port = from; port <= highestPort; port++) {
    if (await isFree(port)) return port
  }
  throw new Error(`No free port between ${from} and ${highestPort}.`)
}

/** The port that PORT asks for. */
export function wantedPort(text = '5173') {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port <= highestPort) return port
  throw new Error(`PORT must be a whole number from 1 to ${highestPort}, not "${text}".`)
}

async function isFree(port) {
  for (const address of addresses) {
    if (!(await canListen(port, address))) return false
  }
  return true
}

function canListen(port, address) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(addressMissing.has(error.code)))
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
