import type { BackendName } from '@unified-storage/core'
import { isolate } from './format'
import type { Words } from './use-words'

/** What people call a backend; one that an app brought along has its own name. Nowhere durable is the page's memory. */
export function backendName(backend: BackendName | null, { messages }: Words): string {
  const name = backend ?? 'memory'
  return messages.location.backends[name]?.name ?? name
}

/** The same, for a place in a sentence. */
export function namedBackend(backend: BackendName | null, words: Words): string {
  return isolate(backendName(backend, words))
}

/** A server with its address, which tells it from another. */
export function namedPlace(place: { backend: BackendName | null; url?: string | undefined }, words: Words): string {
  const server = namedBackend(place.backend, words)
  if (place.url === undefined) return server
  return words.format.text(words.messages.switching.server, { server, address: isolate(place.url) })
}
