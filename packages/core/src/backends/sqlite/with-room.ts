import type { SqlJsStatic } from 'sql.js'
import { ItemsDatabase } from './items-database'

/** Less than this is copied quickly. */
const MUCH_BYTES = 1024 * 1024
/** What rows take at most, for their bytes: the rest of a page that has no room for one more stays empty. Room that is not used costs nothing. */
const BYTES_EACH_BYTE = 1.5

/**
 * An image with room for so many bytes more, where these are many. sql.js keeps a file in one array, which it copies over and
 * over as the file grows. What comes after the pages is ignored: SQLite goes by their count in the header
 * (https://www.sqlite.org/fileformat2.html, "In-header database size").
 */
export function withRoom(sqlJs: SqlJsStatic, image: Uint8Array | undefined, bytes: number): Uint8Array | undefined {
  if (bytes < MUCH_BYTES) return image
  const start = image ?? emptyImage(sqlJs)
  const roomy = new Uint8Array(start.length + Math.ceil(BYTES_EACH_BYTE * bytes))
  roomy.set(start)
  return roomy
}

function emptyImage(sqlJs: SqlJsStatic): Uint8Array {
  const items = new ItemsDatabase(sqlJs)
  const image = items.export()
  items.close()
  return image
}
