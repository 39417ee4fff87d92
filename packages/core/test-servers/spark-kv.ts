import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'

/**
 * What a space does from request number `from` on (counted from 0, only those with `method` if it is given):
 * `error` answers 500, `missing` 404, `html` a login page with 200, `truncated` half of the answer, `ignored` says 200 and does
 * nothing, `silent` never answers.
 */
export type Fault = {
  kind: 'error' | 'missing' | 'html' | 'truncated' | 'ignored' | 'silent'
  method?: string
  from?: number
}

type Space = { items: Map<string, string>; fault: Fault | undefined; requests: number }
type Answer = { status: number; body: string }

/**
 * Spark's key-value service over HTTP, in memory: `/_spark/kv` lists keys, `/_spark/kv/<key>` holds one JSON text. A test has a
 * space of its own at `/_spark/<space>/kv`, and sets its fault with PUT `/_spark/<space>/fault`.
 */
export function sparkKVServer(): Plugin {
  const spaces = new Map<string, Space>()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [space = '', service = '', key] = (request.url ?? '')
      .replace(/^\/kv(?=\/|$)/, '//kv')
      .slice(1)
      .split('/')
    if (service === 'fault') return answer(response, setFault(spaceOf(space), await readBody(request)))
    if (service !== 'kv') return answer(response, { status: 204, body: '' })
    return serve(spaceOf(space), key && decodeURIComponent(key), request, response)
  }

  function spaceOf(name: string): Space {
    const space = spaces.get(name) ?? { items: new Map(), fault: undefined, requests: 0 }
    spaces.set(name, space)
    return space
  }

  return {
    name: 'spark-kv-server',
    configureServer(server) {
      server.middlewares.use('/_spark', (request, response) => void handle(request, response))
    },
  }
}

async function serve(
  space: Space,
  key: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  const kind = faultFor(space, request.method ?? '')
  if (kind === 'silent') return
  if (kind === 'error') return answer(response, { status: 500, body: 'out of order' })
  if (kind === 'missing') return answer(response, { status: 404, body: 'not found' })
  if (kind === 'html') return answer(response, { status: 200, body: '<!doctype html><p>Please sign in</p>' })
  if (kind === 'ignored') return answer(response, { status: 200, body: '' })
  const result = perform(space.items, key, request.method, body)
  const half = Math.floor(result.body.length / 2)
  return answer(response, kind === 'truncated' ? { ...result, body: result.body.slice(0, half) } : result)
}

function perform(items: Space['items'], key: string | undefined, method: string | undefined, body: string): Answer {
  if (key === undefined) return { status: 200, body: JSON.stringify([...items.keys()]) }
  if (method === 'POST') items.set(key, body)
  if (method === 'DELETE') return { status: items.delete(key) ? 200 : 404, body: '' }
  const value = items.get(key)
  return value === undefined ? { status: 404, body: '' } : { status: 200, body: method === 'POST' ? '' : value }
}

function setFault(space: Space, body: string): Answer {
  const result = { status: 200, body: String(space.requests) }
  space.fault = (JSON.parse(body) as Fault | null) ?? undefined
  space.requests = 0
  return result
}

function faultFor(space: Space, method: string): Fault['kind'] | undefined {
  const { fault } = space
  if (fault?.method && fault.method !== method) return undefined
  const number = space.requests++
  return fault && number >= (fault.from ?? 0) ? fault.kind : undefined
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body)
}
