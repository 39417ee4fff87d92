import { useState } from 'react'

export type Attempts = {
  /** What went wrong with the last attempt, in words. */
  problem: string | undefined
  /** Answers whether the write was stored; if not, `consequence` begins the words about it. */
  attempt(consequence: string, write: () => Promise<unknown>): Promise<boolean>
}

/** Keeps the last failed write in words until the next attempt. The hook that wrote has taken it back on the screen. */
export function useAttempts(): Attempts {
  const [problem, setProblem] = useState<string>()

  async function attempt(consequence: string, write: () => Promise<unknown>): Promise<boolean> {
    setProblem(undefined)
    try {
      await write()
      return true
    } catch (error) {
      setProblem(`${consequence} ${error instanceof Error ? error.message : String(error)}`)
      return false
    }
  }

  return { problem, attempt }
}
