import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { packageBuild, sourceEntries } from '../../tsdown.shared.ts'
import manifest from './package.json' with { type: 'json' }

const WASM = 'sql.js/dist/sql-wasm-browser.wasm'
const FOLDER = 'backends/sqlite/'

/** Puts the WASM of sql.js beside the code that loads it: see load-sql-js.ts. */
const wasmBeside = {
  name: 'wasm-beside',
  renderChunk(code: string): string | undefined {
    return code.includes(`"${WASM}"`) ? code.replace(`"${WASM}"`, '"./sql-wasm-browser.wasm"') : undefined
  },
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: Uint8Array }): void }): void {
    const source = readFileSync(createRequire(import.meta.url).resolve(WASM))
    this.emitFile({ type: 'asset', fileName: `${FOLDER}sql-wasm-browser.wasm`, source })
  },
}

// Nobody imports the worker: it is started by its address.
const entry = [...sourceEntries(manifest), `src/${FOLDER}worker.ts`]

export default packageBuild(manifest, { entry, plugins: [wasmBeside] })
