import { LEASE_MS, renewSwitch } from './record'

const RENEW_MS = LEASE_MS / 3

/** Says again and again that a switch goes on, and finds out when others have ended it: its tab may have been frozen. */
export class Lease {
  readonly #name: string
  readonly #id: string
  readonly #phase: () => string
  #timer: ReturnType<typeof setInterval> | undefined
  #renewedAt = Date.now()
  #lost: Error | undefined

  constructor(name: string, id: string, phase: () => string) {
    this.#name = name
    this.#id = id
    this.#phase = phase
  }

  start(): void {
    this.#timer = setInterval(() => void this.renew().catch(() => undefined), RENEW_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Throws what the last renewal failed with. */
  assertHeld(): void {
    if (this.#lost) throw this.#lost
  }

  /** Rejects when the switch is over. */
  async renew(): Promise<void> {
    try {
      await renewSwitch(this.#name, this.#id, this.#phase())
      this.#renewedAt = Date.now()
    } catch (error) {
      this.#lost = error as Error
      throw error
    }
  }

  /** Timers stand still in a frozen tab: when it wakes, others may have ended the switch, and use its target. */
  async renewIfLate(): Promise<void> {
    if (Date.now() - this.#renewedAt > RENEW_MS) await this.renew()
  }
}
