import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { type SiteOptions, useBuiltSite } from './built-site.ts'

/**
 * Builds a small page under e2e/fixtures and serves it while the tests run; answers its address. It is built for development,
 * since only there StrictMode does anything; not served by the development server, which may reload a page.
 */
export function useFixture(name: string, options?: SiteOptions): () => string {
  const config = {
    root: join(import.meta.dirname, '../fixtures', name),
    configFile: false as const,
    mode: 'development',
    define: { 'process.env.NODE_ENV': JSON.stringify('development') },
    plugins: [react()],
    build: { minify: false },
  }
  return useBuiltSite(config, options)
}
