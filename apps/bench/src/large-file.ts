import { createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'

const BYTES_AT_ONCE = 1024 * 1024

let storage: UnifiedStorage | undefined
let file: Blob | undefined

/** A storage of many values, its export, and the import of that: one step at a time, so that each can be timed. */
export const largeFile = {
  async fill(backend: string, count: number, bytes: number): Promise<void> {
    storage = createUnifiedStorage({ name: `large ${backend}`, prefer: backend })
    const valuesAtOnce = Math.min(count, Math.ceil(BYTES_AT_ONCE / bytes))
    for (let start = 0; start < count; start += valuesAtOnce) {
      const keys = Array.from(
        { length: Math.min(valuesAtOnce, count - start) },
        (_, index) => `item:${String(start + index).padStart(9, '0')}`,
      )
      await storage.setMany(keys.map((key) => [key, randomText(bytes)]))
    }
  },
  async exportFile(compress: boolean): Promise<number> {
    file = await storage?.exportFile({ compress })
    return file?.size ?? 0
  },
  /** What the panel does before it asks: everything is compared. */
  async preview(): Promise<number> {
    return (file && (await storage?.importFile(file, { mode: 'replace', dryRun: true }))?.identical) ?? 0
  },
  clear: async () => storage?.clear(),
  async importFile(): Promise<number> {
    return (file && (await storage?.importFile(file))?.added) ?? 0
  },
  async undoImport(): Promise<number> {
    return (await storage?.undoImport())?.removed ?? 0
  },
}

/** Incompressible, as far as text can be. */
function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array((length * 3) / 4))
  return btoa(String.fromCharCode(...bytes))
}
