import { join } from 'node:path'
import { fingerprint, unlessUnchanged } from './fingerprint.mjs'
import { root } from './paths.mjs'
import { runNpm } from './processes.mjs'

const pnpm = 'pnpm@12.21.0'
const stampFile = join(root, 'node_modules/.installed')
const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => join(root, name))

/** Installs what the lockfile names, when it has changed since the last installation. */
export async function installDependencies() {
  const hash = fingerprint(inputs, `${process.platform} ${process.arch}`)
  return unlessUnchanged(stampFile, hash, async () => {
    console.log('Installing dependencies')
    return (await runPnpm(['install', '--frozen-lockfile'])) === 0
  })
}

/** The pinned pnpm, fetched by npm: a newcomer has Node, which brings npm and not pnpm. */
export function runPnpm(args, options) {
  return runNpm(['exec', '--yes', pnpm, '--', ...args], options)
}
