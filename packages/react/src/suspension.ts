import type { Confirmed } from './item-state'

type Source = { getConfirmed(): Confirmed; read(): Promise<unknown>; retry(): void }

const MAX_DOUBLINGS = 8

/**
 * Makes the function that a suspending render calls. React tells nobody that an error boundary was reset: it only renders
 * again. So an error is thrown to the renders of one moment, which is the same attempt; a later render reads again. The moment
 * doubles with every failure, so that a tree that takes long to draw gets its boundary on the screen before that.
 */
export function createSuspension({ getConfirmed, read, retry }: Source): () => void {
  let thrown: Confirmed | undefined
  let isOver = false
  let failures = 0
  let retrying: Promise<unknown> | undefined

  function throwError(confirmed: Confirmed & { phase: 'error' }): never {
    if (confirmed !== thrown) {
      thrown = confirmed
      isOver = false
      failures += 1
      setTimeout(() => (isOver = true), 2 ** Math.min(failures, MAX_DOUBLINGS))
    }
    throw confirmed.error
  }

  /** In a task of its own: others hear of it, and a render must not make them render. */
  async function readAgain(): Promise<void> {
    await Promise.resolve()
    retry()
    await read()
    retrying = undefined
  }

  return () => {
    const confirmed = getConfirmed()
    if (confirmed.phase === 'ready') {
      failures = 0
      return
    }
    if (confirmed.phase === 'error' && !(confirmed === thrown && isOver)) throwError(confirmed)
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- it is how a component suspends, in React 18 and 19
    throw confirmed.phase === 'error' ? (retrying ??= readAgain()) : read()
  }
}
