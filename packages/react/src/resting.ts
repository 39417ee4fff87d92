const MINUTE = 60_000
/** How long a value stays live after its last component is gone, so that coming back shows it at once; a minute more at most. */
const KEEP_ALIVE_MINUTES = 5

export type Sleeper = {
  /** Whether somebody wants it who did not say so. */
  isWanted(): boolean
  sleep(): void
}

/** Puts to sleep what nobody has wanted for a while: one timer for all, which looks once a minute while anything rests. */
export class Resting {
  readonly #minutes = new Map<Sleeper, number>()
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Nobody wants it from now on. */
  add(sleeper: Sleeper): void {
    this.#minutes.set(sleeper, 0)
    this.#timer ??= startTimer(() => this.#passMinute(), MINUTE)
  }

  /** Somebody wants it. */
  remove(sleeper: Sleeper): void {
    this.#minutes.delete(sleeper)
    if (this.#minutes.size === 0) this.#stopTimer()
  }

  #passMinute(): void {
    this.#stopTimer()
    for (const [sleeper, minutes] of [...this.#minutes]) {
      if (sleeper.isWanted()) this.add(sleeper)
      else if (minutes < KEEP_ALIVE_MINUTES) this.#minutes.set(sleeper, minutes + 1)
      else this.#putToSleep(sleeper)
    }
    if (this.#minutes.size > 0) this.#timer ??= startTimer(() => this.#passMinute(), MINUTE)
  }

  #putToSleep(sleeper: Sleeper): void {
    this.#minutes.delete(sleeper)
    sleeper.sleep()
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/** Node would wait for the timer before it exits; browsers' timers have no `unref`. */
function startTimer(callback: () => void, delay: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(callback, delay)
  ;(timer as { unref?: () => void }).unref?.()
  return timer
}
