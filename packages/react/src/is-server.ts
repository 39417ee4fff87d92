/** A server renders for many people in one process: it keeps nothing, subscribes to nothing, and waits for nothing. */
export function isServer(): boolean {
  return typeof window === 'undefined'
}
