const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Says in words why data may not be sent to this address, or gives `undefined` for a good one. */
export function serverUrlProblem(text: unknown): string | undefined {
  const url = typeof text === 'string' ? parse(text) : undefined
  if (!url) return 'is not an address such as "https://example.com"'
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `begins with "${url.protocol}", not with "https:"`
  if (url.username !== '' || url.password !== '') return 'holds a user name or a password, which would end up in logs'
  const isLocal = LOCAL_HOSTS.has(url.hostname) || url.hostname.endsWith('.localhost')
  return url.protocol === 'https:' || isLocal ? undefined : 'is not encrypted: "http:" is for this computer only'
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
