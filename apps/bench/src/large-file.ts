import { createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'

const VALUES_AT_ONCE = 100

let storage: UnifiedStorage | undefined
let file: Blob | undefined

/** A storage of many values, its export, and the import of that: one step at a time, so that each can be timed. */
export const largeFile = {
  async fill(backend: string, count: number, bytes: number): Promise<void> {
    storage = createUnifiedStorage({ name: `large ${backend}`, prefer: backend })
    for (let start = 0; start < count; start += VALUES_AT_ONCE) {
      const keys = Array.from(
        { length: VALUES_AT_ONCE },
        (_, index) => `item:${String(start + index).padStart(9, '0')}`,
      )
      await storage.setMany(keys.map((key) => [key, randomText(bytes)]))
    }
  },
  async exportFile(compress: boolean): Promise<number> {
    file = await storage?.exportFile({ compress })
    return file?.size ?? 0
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
