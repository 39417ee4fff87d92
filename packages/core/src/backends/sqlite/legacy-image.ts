import type { SqlJsStatic } from 'sql.js'
import type { Row } from './items-database'

/** The rows of a database of the original system: a table `keyvalue` whose values are JSON. */
export function readLegacyImage(sqlJs: SqlJsStatic, image: Uint8Array): Row[] {
  const database = new sqlJs.Database(image)
  try {
    const rows = database.exec(`SELECT 'k' || key, value FROM keyvalue`)[0]?.values ?? []
    return rows.map(([key, value]) => [String(key).slice(1), String(value)])
  } finally {
    database.close()
  }
}
