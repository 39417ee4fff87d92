import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumLaunchOptions, ensureChromium } from '../../../scripts/find-chromium.mjs'

/**
 * A browser with a fresh profile on the disk. Not `chromium.launch`: its contexts are off the record, and keep IndexedDB in
 * memory with another engine.
 */
export async function launch({ features }) {
  if (!(await ensureChromium())) throw new Error('There is no Chromium. Set CHROMIUM_PATH to a Chromium or Chrome.')
  const profile = mkdtempSync(join(tmpdir(), 'unified-storage-bench-'))
  const { executablePath, args } = chromiumLaunchOptions()
  const extra = ['--js-flags=--expose-gc', ...(features ? [`--enable-features=${features}`] : [])]
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: [...args, ...extra] })
  return {
    context,
    version: context.browser()?.version() ?? 'unknown',
    engine: () => engineIn(profile),
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Which engine ran, from the files it left: what was asked for on the command line may have been ignored. */
function engineIn(profile) {
  const files = readdirSync(profile, { recursive: true }).filter((name) => /indexeddb/i.test(name))
  const engines = [
    ['LevelDB', files.some((name) => /\.leveldb[\\/].*\.(log|ldb)$/.test(name))],
    ['SQLite', files.some((name) => /\.(sqlite3?|db)$|[\\/][^.\\/]+-(wal|journal)$/.test(name))],
  ]
  return engines.flatMap(([name, found]) => (found ? [name] : [])).join(' and ') || 'unknown'
}
