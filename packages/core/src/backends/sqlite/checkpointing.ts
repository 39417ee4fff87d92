import type { Replica } from './replica'

const IDLE_MS = 1_000
/** An idle moment is used when the log has this part of the length at which it is folded at once. */
const IDLE_PART = 1 / 4

export type Checkpointing = { afterCommit(): void; stop(): void }

/**
 * Folds the log into an image when it has grown as long as the image, or a quarter of it when nothing else is to do: so a commit
 * costs the same on average whatever the size of the database, and opening replays no more than it reads.
 */
export function createCheckpointing(replica: Replica, checkpoint: () => Promise<void>): Checkpointing {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isRunning = false
  let due = 1
  let dueWhenIdle = IDLE_PART

  function run(): void {
    stop()
    if (isRunning) return
    isRunning = true
    checkpoint()
      .then(
        () => {
          due = 1
          dueWhenIdle = IDLE_PART
        },
        () => {
          // It loses nothing, since the log still holds everything; but it is dear, so what has no room is not tried on each commit.
          due = dueWhenIdle = 2 * replica.logLength
        },
      )
      .finally(() => (isRunning = false))
  }

  function stop(): void {
    clearTimeout(timer)
  }

  return {
    afterCommit() {
      stop()
      if (replica.logLength >= due) run()
      else if (replica.logLength >= dueWhenIdle) timer = setTimeout(run, IDLE_MS)
    },
    stop,
  }
}
