import type { Fetch } from './test-connection'

/** Servers as the connection test meets them; each answers in the place of the browser's `fetch`. */
type Health = { status: string; version: string; protocol: number; auth: string }

const health: Health = { status: 'ok', version: '1.4.2', protocol: 2, auth: 'none' }

export const healthyServer: Fetch = answer(health)
export const serverWithLogins: Fetch = answer({ ...health, auth: 'required' })
export const newerServer: Fetch = answer({ ...health, protocol: 3 })
export const olderServer: Fetch = answer({ ...health, protocol: 1 })
export const otherService: Fetch = async () => new Response('<!doctype html><title>Welcome</title>')

export const brokenServer: Fetch = async () =>
  Response.json({ error: { code: 'DATABASE_BUSY', message: 'The database is locked.' } }, { status: 503 })

/** Its answer reaches no page, as where CORS is not allowed: only a request that reads nothing gets through. */
export const closedServer: Fetch = async (_, init) => {
  if (init?.mode === 'no-cors') return new Response()
  throw new TypeError('Failed to fetch')
}

export const noServer: Fetch = async () => {
  throw new TypeError('Failed to fetch')
}

/** Takes the request, and never answers. */
export const silentServer: Fetch = (_, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(new DOMException('It was aborted', 'AbortError')))
  })

function answer(body: Health): Fetch {
  return async () => Response.json(body)
}
