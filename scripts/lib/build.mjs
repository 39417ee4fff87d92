import { existsSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fingerprint, unlessUnchanged } from './fingerprint.mjs'
import { packages, playground, root } from './paths.mjs'
import { runNpm } from './processes.mjs'

const stamps = join(root, 'node_modules/.cache/unified-storage')
const shared = ['pnpm-lock.yaml', 'tsconfig.base.json', 'tsdown.shared.ts'].map((name) => join(root, name))

/** Builds every package in order; each is left alone when neither it nor what it stands on has changed. */
export async function buildPackages() {
  for (const [position, folder] of packages.entries()) {
    const sources = [...shared, ...packages.slice(0, position + 1)]
    if (!(await build(folder, fingerprint(sources)))) return false
  }
  return true
}

/** Builds the packages and the playground on them. */
export async function buildAll() {
  if (!(await buildPackages())) return false
  return build(playground, fingerprint([...shared, ...packages, playground], viteSettings()))
}

async function build(folder, hash) {
  const stampFile = join(stamps, basename(folder))
  // Somebody may have deleted the output and not the stamp.
  if (!existsSync(join(folder, 'dist'))) rmSync(stampFile, { force: true })
  return unlessUnchanged(stampFile, hash, async () => {
    console.log(`Building ${basename(folder)}`)
    return (await runNpm(['run', '--silent', 'build'], { cwd: folder, quiet: true })) === 0
  })
}

/** Vite writes these variables into the page, so that a change of them asks for a new build. */
function viteSettings() {
  return JSON.stringify(
    Object.entries(process.env)
      .filter(([name]) => name.startsWith('VITE_'))
      .sort(),
  )
}
