/** A key and a value as another library keeps them, unchecked. */
export type SourceEntry = { key: string; value: unknown }
