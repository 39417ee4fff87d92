/**
 * The keys of an app and the types of their values. An app declares its own once, and every hook knows them:
 * `declare module '@unified-storage/react' { interface StorageKeys { todos: Todo[] } }`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- apps fill it
export interface StorageKeys {}

/** The type that was declared for a key; for other keys, what the default says. */
export type ValueOf<Key extends string, T> = Key extends keyof StorageKeys ? StorageKeys[Key] : T

/** A default, or the function that makes it once, as in `useState`. */
export type Default<T> = T | (() => T)

/** The default of a key: of its declared type, or of any. Written out, and not with `ValueOf`, so that `T` is inferred from it. */
export type DefaultOf<Key extends string, T> = Key extends keyof StorageKeys ? Default<StorageKeys[Key]> : Default<T>
