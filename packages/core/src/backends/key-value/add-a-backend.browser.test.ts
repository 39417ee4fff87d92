import { expect, test } from 'vitest'
import guide from '../../../../../docs/add-a-backend.md?raw'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { cacheBackend } from './testing/cache-backend'
import source from './testing/cache-backend.ts?raw'

testBackend('cache', (name) => createUnifiedStorage({ name, prefer: 'cache', backends: { cache: cacheBackend } }), {
  randomValues: 1000,
})

test('the guide shows the backend that was tested here', () => {
  const asInAnApp = source
    .replace("'../../../adapter'", "'@unified-storage/core'")
    .replace("'../index'", "'@unified-storage/core/key-value'")
  expect(guide).toContain(asInAnApp)
})
