import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../../', import.meta.url)
const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8')

test('each old defect that SPEC.md lists has a test with its number where SPEC.md says', () => {
  const rows = [...readText('packages/core/SPEC.md').matchAll(/^\| (X\d+) .* \| `(.+)` \|$/gm)]
  expect(rows.map(([, number]) => number)).toEqual(Array.from({ length: 16 }, (_, index) => `X${index + 1}`))
  for (const [, number = '', path = ''] of rows) expect(readText(path), path).toContain(`[${number}]`)
})
