import type { TestProject } from 'vitest/node'
import { servePlayground } from '../../../../scripts/lib/serve-playground.mjs'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the built playground is served; ends with a slash. */
    playgroundUrl: string
    /** Where the real server answers; empty where there is no Python for it. */
    flaskUrl: string
  }
}

const firstPort = 4173

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await servePlayground(firstPort)
  project.provide('playgroundUrl', server.url)
  return server.close
}
