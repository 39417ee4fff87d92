import type { SqlJsStatic } from 'sql.js'
import { ItemsDatabase } from './items-database'

/** Less than this is copied quickly. */
const MUCH_BYTES = 1024 * 1024
/** What most rows take in pages, for their bytes: what is left of a page stays empty where there is no room for one more. */
const BYTES_EACH_BYTE = 1.5

/**
 * An image with room for so many bytes more, where these are many. sql.js keeps a file in one array, which it copies over and
 * over as the file grows. What comes after the pages is ignored: SQLite goes by their count in the header
 * (https://www.sqlite.org/fileformat2.html, "In-header database size").
 */
export function withRoom(sqlJs: SqlJsStatic, image: Uint8Array | undefined, bytes: number): Uint8Array | undefined {
  if (bytes < MUCH_BYTES) return image
  const start = image ?? emptyImage(sqlJs)
  const roomy = allocate(start.length + Math.ceil(BYTES_EACH_BYTE * bytes))
  roomy?.set(start)
  return roomy ?? start
}

/** Without the memory for it the file has to grow: it may turn out smaller. */
function allocate(bytes: number): Uint8Array | undefined {
  try {
    return new Uint8Array(bytes)
  } catch {
    return undefined
  }
}

function emptyImage(sqlJs: SqlJsStatic): Uint8Array {
  const items = new ItemsDatabase(sqlJs)
  const image = items.export()
  items.close()
  return image
}
