import type { ChangeEvent } from '@unified-storage/core'

const sets = new WeakMap<readonly string[], ReadonlySet<string>>()

/** Whether a change adds a key to these, or takes one away: a new value under a known key does not. */
export function isKeysOutdatedBy(event: ChangeEvent, keys: readonly string[], prefix: string): boolean {
  if (!('key' in event)) return true
  if (!event.key.startsWith(prefix)) return false
  return setOf(keys).has(event.key) === (event.type === 'delete')
}

/** Made once for a list, which may be long and be asked often. */
function setOf(keys: readonly string[]): ReadonlySet<string> {
  const set = sets.get(keys) ?? new Set(keys)
  sets.set(keys, set)
  return set
}
