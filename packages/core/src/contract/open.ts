import type { UnifiedStorage } from '../types'

/** Opens the storage called `name`; a second call with the same name opens the same data again, as another tab would. */
export type OpenStorage = (name: string) => UnifiedStorage

/** The same, with a name of its own when none is given. */
export type Open = (name?: string) => UnifiedStorage
