import { afterEach, beforeEach, vi } from 'vitest'
import {
  type AsyncStringStorage,
  asAsyncStorage,
  createUnifiedStorage,
  StorageError,
  type UnifiedStorage,
} from '../index'

export type Tab = { storage: UnifiedStorage; bridge: AsyncStringStorage }

/** Opens tabs, or reloads, of one app for each test, on IndexedDB. */
export function openTabs(): { open(): Tab } {
  let name = ''
  let opened: UnifiedStorage[] = []
  beforeEach(() => {
    name = crypto.randomUUID()
  })
  afterEach(async () => {
    await Promise.all(opened.map((storage) => storage.close()))
    opened = []
    vi.restoreAllMocks()
  })
  return {
    open() {
      const storage = createUnifiedStorage({ name, prefer: 'indexeddb' })
      opened.push(storage)
      return { storage, bridge: asAsyncStorage(storage) }
    },
  }
}

/** The next read of this tab fails, whatever is stored. */
export function failNextRead({ storage }: Tab): StorageError {
  const error = new StorageError('UNAVAILABLE', 'The disk is gone for a moment.')
  vi.spyOn(storage, 'get').mockRejectedValueOnce(error)
  return error
}
