import type { UnifiedStorage } from './types'
import { createUnifiedStorage } from './unified-storage'

/** The ready-made storage, called `default`. Importing it opens nothing. */
export const unifiedStorage: UnifiedStorage = createUnifiedStorage()
