/** Why data may not be sent to an address. */
export type ServerUrlProblem = 'not-an-address' | 'wrong-scheme' | 'holds-credentials' | 'not-encrypted'

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Says why data may not be sent to this address, or gives `undefined` for a good one. */
export function checkServerUrl(text: unknown): ServerUrlProblem | undefined {
  const url = typeof text === 'string' ? parse(text) : undefined
  if (!url) return 'not-an-address'
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'wrong-scheme'
  if (url.username !== '' || url.password !== '') return 'holds-credentials'
  const isLocal = LOCAL_HOSTS.has(url.hostname) || url.hostname.endsWith('.localhost')
  return url.protocol === 'https:' || isLocal ? undefined : 'not-encrypted'
}

const WORDS: Readonly<Record<ServerUrlProblem, string>> = {
  'not-an-address': 'is not an address such as "https://example.com"',
  'wrong-scheme': 'begins with something other than "https:"',
  'holds-credentials': 'holds a user name or a password, which would end up in logs',
  'not-encrypted': 'is not encrypted: "http:" is for this computer only',
}

/** The same in words, to go behind the name of what holds the address. */
export function serverUrlProblem(text: unknown): string | undefined {
  const problem = checkServerUrl(text)
  return problem && WORDS[problem]
}

/** Whether two addresses are one but for their spelling. */
export function isSameAddress(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && spell(a) === spell(b))
}

function spell(url: string): string {
  return new URL(url).href.replace(/\/+$/, '')
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
