import { expect, test, vi } from 'vitest'
import guide from '../../../../../docs/add-a-backend.md?raw'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { cacheBackend } from './testing/cache-backend'
import cacheSource from './testing/cache-backend.ts?raw'
import { shortBackend } from './testing/short-backend'
import shortSource from './testing/short-backend.ts?raw'

testBackend('cache', (name) => createUnifiedStorage({ name, prefer: 'cache', backends: { cache: cacheBackend } }), {
  randomValues: 1000,
  async failReads() {
    const broken = (['match', 'keys'] as const).map((method) =>
      vi.spyOn(Cache.prototype, method).mockRejectedValue(new DOMException('broken', 'UnknownError')),
    )
    return () => broken.forEach((spy) => spy.mockRestore())
  },
})

testBackend('short', (name) => createUnifiedStorage({ name, prefer: 'short', backends: { short: shortBackend } }))

test.each([
  ['cache', cacheSource],
  ['short', shortSource],
])('the guide shows the %s backend that was tested here', (_name, source) => {
  const asInAnApp = source
    .replace(/'\.\.\/\.\.\/\.\.\/(adapter|index)'/, "'@unified-storage/core'")
    .replace("'../index'", "'@unified-storage/core/key-value'")
  expect(guide).toContain(asInAnApp)
})
