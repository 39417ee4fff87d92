import { join } from 'node:path'
import { buildPackages } from './build.mjs'
import { bench } from './paths.mjs'
import { runNode } from './processes.mjs'
import { installPython, runPython } from './python.mjs'

/** `--only server` measures the backend alone, which needs Python and no browser; everything else is measured in Chromium. */
export async function runBench(args) {
  const at = args.indexOf('--only')
  if (at !== -1 && args[at + 1] === 'server') return benchServer(args.toSpliced(at, 2))
  return (await buildPackages()) && (await runNode(join(bench, 'runner/main.mjs'), args)) === 0
}

async function benchServer(args) {
  if (!(await installPython('requirements-dev.lock')))
    throw new Error('The backend needs Python 3.11 or newer; see above.')
  return (await runPython(['-m', 'bench', ...args])) === 0
}
