export type OwnWrites = {
  /** Counts a write as ours until it is committed, which is when its change has been announced. */
  during(key: string, text: string | null, commit: () => Promise<void>): Promise<void>
  has(key: string, text: string | null): boolean
}

/**
 * The writes under way. A library that is told of its own write takes it for news, and shows the older of two writes
 * again when it was told of that first.
 */
export function createOwnWrites(): OwnWrites {
  const pending = new Set<{ key: string; text: string | null }>()
  return {
    async during(key, text, commit) {
      const write = { key, text }
      pending.add(write)
      try {
        await commit()
      } finally {
        pending.delete(write)
      }
    },
    has: (key, text) => [...pending].some((write) => write.key === key && write.text === text),
  }
}
