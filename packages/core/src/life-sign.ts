import { findLocks } from './web-locks'

/**
 * A Web Lock as the sign that somebody lives: the browser takes it away with the tab, however that ends. Where there are none
 * (pages without https, sandboxed frames) clocks have to do.
 */
export type LifeSign = { isShown: boolean; end(): void }

const none: LifeSign = { isShown: false, end: () => undefined }

/** Shows a sign that nobody else has. */
export async function showLife(name: string): Promise<LifeSign> {
  const locks = findLocks()
  if (!locks) return none
  return new Promise((resolve) => {
    const held = new Promise<void>((end) => {
      locks.request(name, () => (resolve({ isShown: true, end }), held)).catch(() => resolve(none))
    })
  })
}

/** The signs that are shown now; `undefined` where that cannot be known. */
export async function lifeSigns(): Promise<ReadonlySet<string | undefined> | undefined> {
  const found = await findLocks()
    ?.query()
    .catch(() => undefined)
  return found && new Set((found.held ?? []).map(({ name }) => name))
}
