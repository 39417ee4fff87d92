import { StorageError, type StorageErrorCode } from '../../errors'

const BACKEND = 'flask'
const OUTAGES: ReadonlySet<number> = new Set([502, 503, 504])

type Details = {
  cause?: unknown
  status?: number
  /** The server's own word for it. */
  reason?: string | undefined
  head?: number | undefined
  /** When the server wants to be asked again, in milliseconds from now. */
  retryAfterMs?: number | undefined
}

/** A request that failed. */
export class ServerError extends StorageError {
  readonly status: number | undefined
  readonly reason: string | undefined
  /** The space's newest revision, where the refusal tells it. */
  readonly head: number | undefined
  readonly retryAfterMs: number | undefined
  /** Whether the server may have done what was asked all the same: an answer was lost, or made no sense. */
  isUncertain: boolean

  constructor(code: StorageErrorCode, message: string, { cause, status, reason, head, retryAfterMs }: Details = {}) {
    super(code, message, { backend: BACKEND, ...(cause !== undefined && { cause }) })
    this.status = status
    this.reason = reason
    this.head = head
    this.retryAfterMs = retryAfterMs
    this.isUncertain = status === undefined || status < 400 || status >= 500
  }

  /** Only these pass by themselves; any other answer is an answer (rule Y2). */
  get isOutage(): boolean {
    return this.status === undefined || OUTAGES.has(this.status)
  }

  get mayBeRepeated(): boolean {
    return this.isOutage || this.status === 429
  }
}

export function unreachable(origin: string, cause: unknown): ServerError {
  const message = `The server at ${origin} cannot be reached. Check that it runs, that the address is right, and that it allows pages of this origin (ALLOWED_ORIGINS), then try again.`
  return new ServerError('NETWORK', message, { cause })
}

export function tooSlow(origin: string, milliseconds: number): ServerError {
  const seconds = Math.round(milliseconds / 1000)
  return new ServerError('TIMEOUT', `The server at ${origin} did not answer within ${seconds} s. Try again later.`)
}

export function redirected(origin: string): ServerError {
  const message = `The server at ${origin} sends this request to another address, and data is not sent elsewhere. Enter the address that it leads to.`
  return new ServerError('HTTP', message, { status: 300 })
}

/** An answer with a good status that is none: a login page of the network, a proxy's own words, half an answer. */
export function notAnAnswer(origin: string, status: number, cause?: unknown): ServerError {
  const message = `What answers at ${origin} does not speak as a Unified Storage server does; a proxy or the login page of a network may be in between. Open the address in a browser to see.`
  return new ServerError('HTTP', message, { status, ...(cause !== undefined && { cause }) })
}

type Refusal = { status: number; body: string; retryAfter: string | null }

/** An answer whose status says no. */
export function refused(origin: string, { status, body, retryAfter }: Refusal): ServerError {
  const { code: reason, message: words, head } = readError(body)
  const [code, advice] = meaning(status)
  const said = words ? ` It says: ${words}` : ''
  const retryAfterMs = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : undefined
  return new ServerError(code, `The server at ${origin} ${advice}${said}`, { status, reason, head, retryAfterMs })
}

function meaning(status: number): [StorageErrorCode, string] {
  switch (status) {
    case 401:
      return ['UNAUTHORIZED', 'wants to know who asks. Sign in, and give the token with the option "getToken".']
    case 403:
      return ['UNAUTHORIZED', 'does not allow this. Ask its owner for the role, or for the origin to be listed.']
    case 404:
      return ['HTTP', 'has nothing at this address (404). Check the address.']
    case 409:
      return [
        'CONFLICT',
        'holds other data than before: it was restored from a backup. Look at the data, then try again.',
      ]
    case 413:
      return ['QUOTA_EXCEEDED', 'does not take a request of this size. Write less at once.']
    case 426:
      return ['UNSUPPORTED', 'speaks a newer protocol. Reload the page to get the newer app.']
    case 429:
      return ['HTTP', 'has had too many requests. Wait a minute, then try again.']
    default:
      return OUTAGES.has(status)
        ? ['NETWORK', `is out of order (${status}). Try again later.`]
        : ['HTTP', `cannot do this (${status}). Its log says more.`]
  }
}

function readError(body: string): { code?: string; message?: string; head?: number } {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: unknown; message?: unknown; head?: unknown } }
    return {
      ...(typeof error?.code === 'string' && { code: error.code }),
      ...(typeof error?.message === 'string' && { message: error.message }),
      ...(typeof error?.head === 'number' && { head: error.head }),
    }
  } catch {
    // A proxy's own page; the status is what counts.
    return {}
  }
}
