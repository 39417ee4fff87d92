import { StorageError } from '../../errors'
import type { GetToken } from '../../types'
import type { Check } from './answers'
import { notAnAnswer, redirected, refused, tooSlow, unreachable } from './server-error'

/** The version of the server's API that this client speaks. */
export const PROTOCOL = 2

type Attempt = { path: string; body: string | undefined; limitMs: number }
type Requests = {
  /** Sends one request; `body` is JSON text. */
  ask<Answer>(attempt: Attempt, check: Check<Answer>): Promise<Answer>
  close(): void
}

/** Single requests: JSON both ways, in bounded time, never followed elsewhere, their answers checked. */
export function createRequests(url: string, getToken: GetToken | undefined): Requests {
  const base = url.replace(/\/+$/, '')
  const { origin } = new URL(url)
  const running = new Set<AbortController>()
  let isClosed = false

  async function ask<Answer>({ path, body, limitMs }: Attempt, check: Check<Answer>): Promise<Answer> {
    const token = await askForToken(getToken)
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), limitMs)
    running.add(abort)
    try {
      if (isClosed) throw closed()
      const response = await fetch(`${base}${path}`, describe(body, token, abort.signal))
      return read(origin, response, await response.text(), check)
    } catch (error) {
      if (isClosed) throw closed()
      if (error instanceof StorageError) throw error
      throw abort.signal.aborted ? tooSlow(origin, limitMs) : unreachable(origin, error)
    } finally {
      clearTimeout(timer)
      running.delete(abort)
    }
  }

  return {
    ask,
    close() {
      isClosed = true
      for (const abort of running) abort.abort()
    },
  }
}

async function askForToken(getToken: GetToken | undefined): Promise<string | undefined> {
  try {
    return await getToken?.()
  } catch (cause) {
    const message = 'The option "getToken" gave no token; its own error is the cause. Sign in, then try again.'
    throw new StorageError('UNAUTHORIZED', message, { backend: 'flask', cause })
  }
}

function describe(body: string | undefined, token: string | undefined, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { 'Storage-Protocol': String(PROTOCOL) }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (token !== undefined) headers.Authorization = `Bearer ${token}`
  return {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body !== undefined && { body }),
    // A token says who asks; without one it may be the session of the server's own site.
    credentials: token === undefined ? 'include' : 'omit',
    cache: 'no-store',
    redirect: 'manual',
    signal,
  }
}

function read<Answer>(origin: string, response: Response, text: string, check: Check<Answer>): Answer {
  const { status, headers, ok, type } = response
  if (type === 'opaqueredirect') throw redirected(origin)
  if (!ok) throw refused(origin, { status, body: text, retryAfter: headers.get('Retry-After') })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw notAnAnswer(origin, status, cause)
  }
  if (!check(json)) throw notAnAnswer(origin, status)
  return json
}

function closed(): StorageError {
  return new StorageError('CLOSED', 'This storage was closed while it waited for the server.', { backend: 'flask' })
}
