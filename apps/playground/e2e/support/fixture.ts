import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, type InlineConfig, preview } from 'vite'
import { afterAll, beforeAll } from 'vitest'

/**
 * Builds a small page under e2e/fixtures and serves it while the tests of a file run; answers its address. It is built for
 * development, since only there StrictMode does anything; not served by the development server, which may reload a page.
 */
export function useFixture(name: string): () => string {
  let url: string
  let stop: () => Promise<void>

  beforeAll(async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'unified-storage-fixture-'))
    const config = fixtureConfig(name, outDir)
    await build(config)
    const server = await preview({ ...config, preview: { port: 0 } })
    url = server.resolvedUrls?.local[0] ?? ''
    stop = async () => {
      await server.close()
      rmSync(outDir, { recursive: true, force: true })
    }
  })

  afterAll(() => stop())

  return () => url
}

function fixtureConfig(name: string, outDir: string): InlineConfig {
  return {
    root: join(import.meta.dirname, '../fixtures', name),
    configFile: false,
    logLevel: 'warn',
    mode: 'development',
    define: { 'process.env.NODE_ENV': JSON.stringify('development') },
    plugins: [react()],
    build: { outDir, emptyOutDir: true, minify: false },
  }
}
