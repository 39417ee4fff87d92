import { join } from 'node:path'
import { sparkKVServer } from '../../../../packages/core/test-servers/spark-kv.ts'
import { fromSources } from '../../../../workspace-sources.ts'
import { useBuiltSite } from '../support/built-site.ts'

/** The page that crashes, of the kit's sources, and Spark's service. */
export function useCrashSite(): () => string {
  return useBuiltSite({
    ...fromSources,
    root: join(import.meta.dirname, '../fixtures/crash'),
    configFile: false,
    plugins: [sparkKVServer()],
    build: { minify: false, target: 'esnext' },
  })
}
