import type { AdapterFactory, StorageAdapter } from '../adapter'
import { memoryBackend } from '../backends/memory'
import { StorageError } from '../errors'
import { createUnifiedStorage } from '../unified-storage'
import type { UnifiedStorage } from '../types'
import type { UnifiedStorageOptions } from '../options'

export type Remote = {
  open(options?: UnifiedStorageOptions): UnifiedStorage
  /** Whether the backend can be opened. */
  setDown(isDown: boolean): void
  /** The option `backends` of a tab that reaches the backend while the others do not. */
  reachable: Record<string, AdapterFactory>
  /** The backend itself, whatever stands in for it. */
  direct: StorageAdapter
  close(): Promise<void>
}

/** A backend called `remote` that keeps its data while it is down. */
export async function createRemote(change = (adapter: StorageAdapter): StorageAdapter => adapter): Promise<Remote> {
  const name = crypto.randomUUID()
  const direct = await memoryBackend({ name, durability: 'relaxed' })
  const opened: UnifiedStorage[] = []
  let isDown = false
  const reach: AdapterFactory = async (context) =>
    change({ ...(await memoryBackend(context)), name: 'remote', persistent: true })
  const remote: AdapterFactory = async (context) => {
    if (isDown) throw new StorageError('NETWORK', 'The line is cut.')
    return reach(context)
  }

  return {
    direct,
    reachable: { remote: reach },
    setDown: (next) => void (isDown = next),
    open(options = {}) {
      const storage = createUnifiedStorage({ name, prefer: 'remote', backends: { remote }, ...options })
      opened.push(storage)
      return storage
    },
    async close() {
      await Promise.all(opened.map((storage) => storage.close()))
      await direct.close()
    },
  }
}

export async function readAll(adapter: StorageAdapter): Promise<Record<string, unknown>> {
  const entries: [string, unknown][] = []
  await adapter.scan({ prefix: '', pageSize: 100 }, (page) => {
    entries.push(...page)
    return true
  })
  return Object.fromEntries(entries)
}
