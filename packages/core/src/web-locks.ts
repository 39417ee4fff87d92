/** Missing on pages without https, in sandboxed frames, and in Node 20. */
export function findLocks(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks
}
