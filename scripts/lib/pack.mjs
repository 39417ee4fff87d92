import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runPnpm } from './install.mjs'

/** Packs a package as it would be published, into an empty folder, and answers the tarball. */
export async function pack(packageFolder, target) {
  const exitCode = await runPnpm(['pack', '--pack-destination', target], { cwd: packageFolder, quiet: true })
  if (exitCode !== 0) throw new Error(`${packageFolder} could not be packed; see above.`)
  return join(target, readdirSync(target)[0])
}
