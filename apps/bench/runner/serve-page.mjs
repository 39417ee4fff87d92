import { join } from 'node:path'
import { build, preview } from 'vite'
import { firstFreePort } from '../../../scripts/lib/ports.mjs'

const root = join(import.meta.dirname, '..')

// With these a page is isolated from others, and gets a clock of 5 µs instead of 100.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

/** Builds the bench page on the packages' dist, as an app would be built, and serves it. */
export async function servePage() {
  const settings = { root, configFile: false, logLevel: 'warn' }
  await build({ ...settings, build: { target: 'es2022', rolldownOptions: { onwarn } } })
  const port = await firstFreePort(4573)
  const server = await preview({ ...settings, preview: { port, strictPort: true, headers } })
  return { url: `http://localhost:${port}/`, close: () => server.close() }
}

/** Nothing here renders on a server, so that React Query's "use client" lines have nothing to say. */
function onwarn(warning, warn) {
  if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
}
