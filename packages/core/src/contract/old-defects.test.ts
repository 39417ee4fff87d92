import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../../', import.meta.url)
const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8')

const COMMENT = /^\s*\/\/.*$|\/\*\*?[\s\S]*?\*\//gm
/** Up to its rules: `test('[K1] [X2]`, `it.each(table)('[X2]`, and so on. */
const TITLE = /(?:\b(?:test|it)(?:\.\w+)*|\))\(\s*['"`]((?:\[\w+\] ?)+)/g

test('each old defect that SPEC.md lists has a test with its number where SPEC.md says', () => {
  const rows = [...readText('packages/core/SPEC.md').matchAll(/^\| (X\d+) .* \| `(.+)` \|$/gm)]
  expect(rows.map(([, number]) => number)).toEqual(Array.from({ length: 16 }, (_, index) => `X${index + 1}`))
  for (const [, number = '', path = ''] of rows) expect(rulesOfTests(readText(path)), path).toContain(`[${number}]`)
})

test.each([
  ["test('[O1] [X2] name', run)", true],
  ['it.only(`[X2] name`, run)', true],
  ["test.each([[1]])(\n  '[X2] %s', run)", true],
  ["// test('[X2] name', run)", false],
  ["/* test('[X2] name', run) */", false],
  ["test('name', run) // [X2]", false],
  ["const text = '[X2] name'", false],
])('%j has a test of X2: %j', (source, isTest) => {
  expect(rulesOfTests(source).includes('[X2]')).toBe(isTest)
})

function rulesOfTests(source: string): string[] {
  return [...source.replace(COMMENT, '').matchAll(TITLE)].flatMap(([, rules = '']) => rules.trim().split(/ ?(?=\[)/))
}
