import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runPnpm } from './install.mjs'
import { packages } from './paths.mjs'

/**
 * Packs the packages as they would be published, into an empty folder, and answers the tarball of each by the name of its folder.
 * All with one command: most of its time goes into finding pnpm.
 */
export async function packAll(target) {
  const names = packages.map((folder) => basename(folder))
  const filters = names.map((name) => `--filter=./packages/${name}`)
  const exitCode = await runPnpm(['--recursive', ...filters, 'pack', '--pack-destination', target], { quiet: true })
  if (exitCode !== 0) throw new Error('The packages could not be packed; see above.')
  const files = readdirSync(target)
  return Object.fromEntries(names.map((name) => [name, join(target, tarballOf(name, files))]))
}

function tarballOf(name, files) {
  const file = files.find((candidate) => candidate.startsWith(`unified-storage-${name}-`))
  if (!file) throw new Error(`There is no tarball of ${name}.`)
  return file
}
