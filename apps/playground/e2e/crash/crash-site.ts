import { join } from 'node:path'
import { sparkKVServer } from '../../../../packages/core/test-servers/spark-kv.ts'
import { fromSources } from '../../../../workspace-sources.ts'
import { useBuiltSites } from '../support/built-site.ts'

/** The page that crashes, of the kit's sources, and Spark's service, under several addresses. */
export function useCrashSites(count: number): () => string[] {
  return useBuiltSites(count, {
    ...fromSources,
    root: join(import.meta.dirname, '../fixtures/crash'),
    configFile: false,
    plugins: [sparkKVServer()],
    build: { minify: false, target: 'esnext' },
  })
}
