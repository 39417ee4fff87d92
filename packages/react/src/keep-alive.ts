/** How long a value stays live after its last component is gone, so that coming back shows it at once. */
const KEEP_ALIVE_MS = 5 * 60 * 1000

export type Life = {
  isWanted(): boolean
  /** Starts to listen; gives what ends it. */
  wake(): () => void
  sleep(): void
}

export type KeepAlive = {
  /** Somebody wants it: wakes it up, and counts the time from now. */
  touch(): void
  /** Counts the time from now, without waking it up. */
  rest(): void
}

/** Keeps something awake from the first touch until nobody has wanted it for a while. */
export function createKeepAlive({ isWanted, wake, sleep }: Life): KeepAlive {
  let stop: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function rest(): void {
    clearTimeout(timer)
    timer = startTimer(onTimer, KEEP_ALIVE_MS)
  }

  function onTimer(): void {
    if (isWanted()) return rest()
    stop?.()
    stop = undefined
    sleep()
  }

  return {
    touch() {
      stop ??= wake()
      rest()
    },
    rest,
  }
}

/** Node would wait for the timer before it exits; browsers' timers have no `unref`. */
function startTimer(callback: () => void, delay: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(callback, delay)
  ;(timer as { unref?: () => void }).unref?.()
  return timer
}
