import { Linter } from 'eslint'
import { expect, test } from 'vitest'
import { whyForbidden } from './layers.mjs'
import { oneWayImports } from './one-way-imports.mjs'

const core = '/repo/packages/core/src/'

test.each([
  ['packages/react/src/use-storage.ts', '@unified-storage/core'],
  ['packages/ui/src/panel.tsx', '@unified-storage/react'],
  ['apps/playground/src/main.tsx', '@unified-storage/ui'],
  ['packages/core/src/keys.ts', './errors'],
  ['packages/core/src/backends/memory.ts', '../adapter'],
  ['packages/core/src/backends/memory.ts', './tab-channel'],
  ['packages/core/src/backends/indexeddb/index.ts', './requests'],
  ['packages/core/src/backends/indexeddb/index.ts', 'idb'],
  ['packages/core/src/backends/registry.ts', './indexeddb'],
  ['packages/core/src/active-backend.ts', './backends/registry'],
  ['packages/core/src/transfer/export-data.ts', '../errors'],
  ['packages/core/src/unified-storage.ts', './active-backend'],
  ['packages/core/src/index.ts', './default-storage'],
  ['scripts/run.mjs', '../packages/core/src/index.ts'],
])('%s may import %s', (importer, specifier) => {
  expect(whyForbidden(`/repo/${importer}`, specifier)).toBeUndefined()
})

test.each([
  ['packages/core/src/keys.ts', '@unified-storage/react', 'core may not import react'],
  ['packages/react/src/use-storage.ts', '@unified-storage/ui/styles.css', 'react may not import ui'],
  ['packages/ui/src/panel.tsx', '@unified-storage/playground', 'ui may not import playground'],
  ['packages/ui/src/panel.tsx', '../../core/src/index', 'by its name'],
  ['packages/core/src/keys.ts', 'react', 'no React'],
  ['packages/core/src/keys.ts', './batching', 'a leaf may import: leaf'],
  ['packages/core/src/backends/memory.ts', './indexeddb/requests', 'never imports another'],
  ['packages/core/src/backends/memory.ts', '../unified-storage', 'a facade'],
  ['packages/core/src/backends/memory.ts', './registry', 'a registry'],
  ['packages/core/src/backends/tab-channel.ts', './memory', 'a backend'],
  ['packages/core/src/unified-storage.ts', './backends/memory', 'a backend'],
  ['packages/core/src/active-backend.ts', './backends/indexeddb', 'a backend'],
  ['packages/core/src/transfer/import-data.ts', '../unified-storage', 'a facade'],
  ['packages/core/src/events.ts', './journal', 'a part'],
])('%s may not import %s', (importer, specifier, reason) => {
  expect(whyForbidden(`/repo/${importer}`, specifier)).toContain(reason)
})

test.each([
  "import './backends/memory'",
  "export { memory } from './backends/memory'",
  "export * from './backends/memory'",
  "const load = () => import('./backends/memory')",
])('the rule reads: %s', (code) => {
  const linter = new Linter({ cwd: '/repo' })
  const config = { plugins: { local: { rules: { imports: oneWayImports } } }, rules: { 'local/imports': 'error' } }
  const messages = linter.verify(code, { files: ['**/*.ts'], ...config }, { filename: `${core}unified-storage.ts` })
  expect(messages.map((message) => message.ruleId)).toEqual(['local/imports'])
})
