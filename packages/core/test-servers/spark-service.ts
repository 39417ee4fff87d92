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

export type Request = { method: string; path: string; body: string }
export type Answer = { status: number; body: string }

/** Answers a request below `/_spark`; `undefined` means that no answer ever comes. */
export type SparkService = (request: Request) => Answer | undefined

type Space = { items: Map<string, string>; fault: Fault | undefined; requests: number }

/**
 * Spark's key-value service, in memory: `/kv` lists the keys, `/kv/<key>` holds one JSON text. A test has a space of its own at
 * `/<space>/kv`, and sets its fault with PUT `/<space>/fault`.
 */
export function createSparkService(): SparkService {
  const spaces = new Map<string, Space>()

  function spaceOf(name: string): Space {
    const space = spaces.get(name) ?? { items: new Map(), fault: undefined, requests: 0 }
    spaces.set(name, space)
    return space
  }

  return (request) => {
    const [name = '', service, key] = request.path
      .replace(/^\/kv(?=\/|$)/, '//kv')
      .slice(1)
      .split('/')
    if (service === 'kv') return answerKV(spaceOf(name), key && decodeURIComponent(key), request)
    if (service === 'fault') return setFault(spaceOf(name), request.body)
    return { status: 204, body: '' }
  }
}

function answerKV(space: Space, key: string | undefined, request: Request): Answer | undefined {
  switch (faultFor(space, request.method)) {
    case 'silent':
      return undefined
    case 'error':
      return { status: 500, body: 'out of order' }
    case 'missing':
      return { status: 404, body: 'not found' }
    case 'html':
      return { status: 200, body: '<!doctype html><p>Please sign in</p>' }
    case 'ignored':
      return { status: 200, body: '' }
    case 'truncated':
      return cutInHalf(perform(space.items, key, request))
    default:
      return perform(space.items, key, request)
  }
}

function perform(items: Space['items'], key: string | undefined, { method, body }: Request): Answer {
  if (key === undefined) return { status: 200, body: JSON.stringify([...items.keys()]) }
  if (method === 'DELETE') return { status: items.delete(key) ? 200 : 404, body: '' }
  if (method === 'POST') items.set(key, body)
  const value = items.get(key)
  return value === undefined ? { status: 404, body: '' } : { status: 200, body: value }
}

function cutInHalf({ status, body }: Answer): Answer {
  return { status, body: body.slice(0, Math.floor(body.length / 2)) }
}

function setFault(space: Space, body: string): Answer {
  const answer = { status: 200, body: String(space.requests) }
  space.fault = (JSON.parse(body) as Fault | null) ?? undefined
  space.requests = 0
  return answer
}

function faultFor(space: Space, method: string): Fault['kind'] | undefined {
  const { fault } = space
  if (fault?.method && fault.method !== method) return undefined
  const number = space.requests++
  return fault && number >= (fault.from ?? 0) ? fault.kind : undefined
}
