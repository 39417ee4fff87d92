import type { SqlJsStatic } from 'sql.js'
import { ItemsDatabase } from './items-database'

/** Less than this is copied quickly. */
const MUCH_BYTES = 1024 * 1024
/** Most rows take so many bytes for each of theirs, because a page has room for whole ones only. */
const BYTES_EACH_BYTE = 1.5
/** More would be too much at once where it was told wrongly. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * Opens an image with room for so many bytes more, where these are many and there is memory for it. sql.js keeps a file in one array,
 * which it copies over and over as the file grows.
 */
export function openWithRoom(sqlJs: SqlJsStatic, image: Uint8Array | undefined, bytes: number): ItemsDatabase {
  if (bytes < MUCH_BYTES) return new ItemsDatabase(sqlJs, image)
  try {
    return new ItemsDatabase(
      sqlJs,
      withRoom(image ?? emptyImage(sqlJs), Math.ceil(BYTES_EACH_BYTE * Math.min(bytes, MOST_BYTES))),
    )
  } catch {
    return new ItemsDatabase(sqlJs, image)
  }
}

/**
 * What comes after the pages is ignored: SQLite goes by their count in the header
 * (https://www.sqlite.org/fileformat2.html, "In-header database size").
 */
function withRoom(image: Uint8Array, bytes: number): Uint8Array {
  const roomy = new Uint8Array(image.length + bytes)
  roomy.set(image)
  return roomy
}

function emptyImage(sqlJs: SqlJsStatic): Uint8Array {
  const items = new ItemsDatabase(sqlJs)
  const image = items.export()
  items.close()
  return image
}
