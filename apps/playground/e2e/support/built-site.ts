import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type InlineConfig, mergeConfig, type Plugin, preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll } from 'vitest'

/** How a site differs from what an ordinary server would give: in what could be found when it was built, and in its headers. */
export type SiteOptions = { plugins?: Plugin[]; headers?: Record<string, string> }

/** Builds a site and serves it while the tests of a file or group run; answers its address. */
export function useBuiltSite(config: InlineConfig, options: SiteOptions = {}): () => string {
  const urls = useBuiltSites(1, config, options)
  return () => urls()[0] ?? ''
}

/** The same site under several addresses, which are origins with data of their own. */
export function useBuiltSites(
  count: number,
  config: InlineConfig,
  { plugins = [], headers = {} }: SiteOptions = {},
): () => string[] {
  let urls: string[] = []
  let stop: () => Promise<void>

  beforeAll(async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'unified-storage-site-'))
    const extra: InlineConfig = {
      logLevel: 'error',
      plugins,
      worker: { plugins: () => plugins },
      build: { outDir, emptyOutDir: true },
    }
    const complete = mergeConfig(config, extra)
    await build(complete)
    const serve = (): Promise<PreviewServer> => preview({ ...complete, preview: { port: 0, headers } })
    const servers = await Promise.all(Array.from({ length: count }, serve))
    urls = servers.map(({ resolvedUrls }) => resolvedUrls?.local[0] ?? '')
    stop = async () => {
      await Promise.all(servers.map((server) => server.close()))
      rmSync(outDir, { recursive: true, force: true })
    }
  })

  afterAll(() => stop())

  return () => urls
}

/** The playground, built as it is for people. */
export function usePlayground(options: SiteOptions): () => string {
  return useBuiltSite({ root: join(import.meta.dirname, '../..'), mode: 'production' }, options)
}

/** What Vite itself makes of an optional package that is not installed: a module that throws when it is loaded. */
export function withoutPackage(name: string): Plugin {
  const missing = `\0missing:${name}`
  return {
    name: 'without-package',
    enforce: 'pre',
    resolveId: (source) => (source === name ? missing : undefined),
    load: (id) => (id === missing ? `throw new Error('Could not resolve "${name}".')` : undefined),
  }
}
