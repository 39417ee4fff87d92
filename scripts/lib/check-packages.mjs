import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll } from './pack.mjs'
import { runTool } from './processes.mjs'

// Style sheets have no types to find.
const typeless = ['styles.css', 'tailwind.css', 'package.json']

/** Checks the entry points and types of each package, packed as it would be published. */
export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'unified-storage-packages-'))
  try {
    let sound = true
    for (const [name, tarball] of Object.entries(await packAll(folder)))
      sound = (await checkPackage(name, tarball)) && sound
    return sound
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function checkPackage(name, tarball) {
  console.log(`Checking ${name}`)
  const published = await runTool('publint', ['run', tarball, '--strict'], { quiet: true })
  const typed = await runTool('@arethetypeswrong/cli', attwArguments(tarball), { bin: 'attw', quiet: true })
  return published === 0 && typed === 0
}

// "esm-only": the packages have no CommonJS, by decision.
function attwArguments(tarball) {
  return [tarball, '--profile', 'esm-only', '--exclude-entrypoints', ...typeless, '--format', 'ascii']
}
