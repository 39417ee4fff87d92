import { createServer, request as ask } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Stands between the tests and the real server, and breaks what they ask it to break. A test has a name of its own, which begins
 * its addresses: `/<name>/v2/session`. `PUT /_fault/<name>` sets what goes wrong from now on, and answers how many requests came
 * since the last time. `POST /_server/<name>/<start|kill|new-epoch>` is about a server for this name alone.
 *
 * A fault has a `kind`, and may be for one `path` (a pattern) and for a number of `times` only:
 * `refused` breaks the connection before the server hears of it, `lost` after it has answered, `silent` never answers, `slow`
 * waits `ms`, `answer` gives `status`, `headers` and `body` in its place, `truncated` gives half of the answer.
 */
export async function startFaultProxy(flask, startFlask) {
  const faults = new Map()
  const counts = new Map()
  const servers = new Map()

  async function serve(incoming, outgoing) {
    const body = await readAll(incoming)
    const [, first, name, verb] = incoming.url.split('/')
    if (incoming.method === 'OPTIONS' && first.startsWith('_')) return reply(incoming, outgoing, { status: 204 })
    if (first === '_fault') return reply(incoming, outgoing, { body: setFault(name, body.toString()) })
    if (first === '_server')
      return reply(incoming, outgoing, { body: await changeServer(name, verb, incoming.headers) })
    const path = incoming.url.slice(first.length + 1)
    await pass(
      { incoming, outgoing, body, path, port: (servers.get(first) ?? flask).port },
      takeFault(first, incoming, path),
    )
  }

  function setFault(name, body) {
    const count = counts.get(name) ?? 0
    counts.set(name, 0)
    faults.set(name, JSON.parse(body))
    return String(count)
  }

  function takeFault(name, { method }, path) {
    if (method === 'OPTIONS') return undefined
    const fault = faults.get(name)
    if (fault?.path && !new RegExp(fault.path).test(path)) return undefined
    counts.set(name, (counts.get(name) ?? 0) + 1)
    if (fault?.times !== undefined && fault.times-- <= 0) return undefined
    return fault
  }

  async function changeServer(name, verb, { origin }) {
    const server = servers.get(name)
    if (verb === 'kill') await server.kill()
    else if (verb === 'new-epoch') await server.command('new-epoch')
    else if (server) await server.start()
    else
      servers.set(
        name,
        await startFlask(name.startsWith('required') ? { AUTH_MODE: 'required', ALLOWED_ORIGINS: origin } : {}),
      )
    return 'done'
  }

  const proxy = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error) => reply(incoming, outgoing, { status: 502, body: String(error) }))
  })
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    async stop() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
      await Promise.all([...servers.values()].map((server) => server.stop()))
    },
  }
}

async function pass(exchange, fault) {
  const { incoming, outgoing } = exchange
  switch (fault?.kind) {
    case 'silent':
      return
    case 'refused':
      return incoming.socket.destroy()
    case 'answer':
      return reply(incoming, outgoing, fault)
    case 'slow':
      await sleep(fault.ms)
  }
  const answer = await forward(exchange).catch(() => undefined)
  if (!answer || fault?.kind === 'lost') return incoming.socket.destroy()
  outgoing.writeHead(answer.status, endToEnd(answer.headers))
  outgoing.end(fault?.kind === 'truncated' ? answer.body.subarray(0, answer.body.length / 2) : answer.body)
}

function forward({ incoming, body, path, port }) {
  return new Promise((resolve, reject) => {
    const headers = { ...endToEnd(incoming.headers), 'content-length': body.length }
    const options = { host: '127.0.0.1', port, path, method: incoming.method, headers, agent: false }
    const request = ask(options, async (response) => {
      resolve({ status: response.statusCode, headers: response.headers, body: await readAll(response) })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Headers that are not about one connection, or one way to send a body. */
function endToEnd(headers) {
  const own = ['connection', 'keep-alive', 'transfer-encoding', 'content-length']
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)))
}

/** An answer of the proxy's own, which any page may read. */
function reply({ headers: asked }, outgoing, { status = 200, headers = {}, body = '' }) {
  const { origin = '*' } = asked
  outgoing.writeHead(status, {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'PUT, POST',
    'access-control-expose-headers': 'Retry-After',
    ...headers,
  })
  outgoing.end(status === 204 ? undefined : body)
}

async function readAll(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
