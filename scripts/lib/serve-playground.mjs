import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { playground } from './paths.mjs'
import { firstFreePort } from './ports.mjs'

/**
 * Serves the built playground in this process: with no child there is none to leave behind. A build, not the development
 * server, because that one reloads the page while it is still finding out what to bundle.
 */
export async function servePlayground(wantedPort) {
  if (!existsSync(join(playground, 'dist/index.html')))
    throw new Error('The playground is not built: run "npm run build".')
  const { preview } = await import('vite')
  const port = await firstFreePort(wantedPort)
  const server = await preview({ root: playground, logLevel: 'warn', preview: { port, strictPort: true } })
  return { url: `http://localhost:${port}/`, close: () => server.close() }
}
