import { openSparkApp } from '../../backends/registry'
import type { ImportSource } from '../../types'
import { invalidData } from '../invalid-data'
import type { SourceEntry } from './source-entry'

const PAGE_SIZE = 50

/** What an app on Spark keeps itself; what was removed since it was listed is left out. */
export async function* readSparkApp({
  from = '',
}: Extract<ImportSource, { type: 'sparkkv' }>): AsyncGenerator<SourceEntry> {
  const app = await openSparkApp()
  if (!app) throw noSpark()
  const keys = (await app.keys()).filter((key) => key.startsWith(from))
  for (let start = 0; start < keys.length; start += PAGE_SIZE) {
    const values = await app.read(keys.slice(start, start + PAGE_SIZE))
    for (const [key, value] of values) yield { key: key.slice(from.length), value }
  }
}

function noSpark(): Error {
  return invalidData(
    'There is no Spark key-value store here, so there is nothing to import. Run the app in GitHub Spark, and import "@github/spark/spark" first.',
  )
}
