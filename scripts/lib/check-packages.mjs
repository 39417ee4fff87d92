import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pack } from './pack.mjs'
import { packages } from './paths.mjs'
import { runTool } from './processes.mjs'

// Style sheets have no types to find.
const typeless = ['styles.css', 'tailwind.css', 'package.json']

/** Packs each package as it would be published and checks its entry points and types. */
export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-packages-'))
  try {
    let sound = true
    for (const path of packages) sound = (await checkPackage(path, join(folder, basename(path)))) && sound
    return sound
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function checkPackage(path, target) {
  console.log(`Checking ${basename(path)}`)
  const tarball = await pack(path, target)
  const published = await runTool('publint', ['run', tarball, '--strict'], { quiet: true })
  const typed = await runTool('@arethetypeswrong/cli', attwArguments(tarball), { bin: 'attw', quiet: true })
  return published === 0 && typed === 0
}

// "esm-only": the packages have no CommonJS, by decision.
function attwArguments(tarball) {
  return [tarball, '--profile', 'esm-only', '--exclude-entrypoints', ...typeless, '--format', 'ascii']
}
