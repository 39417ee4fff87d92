import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokenLinks, codeBlocks, documents, typeProblems } from './check-docs.mjs'
import { root } from './lib/paths.mjs'

const fence = '```'

describe('the documents', () => {
  test('their code compiles against the packages', () => {
    const texts = Object.fromEntries(documents().map((name) => [name, readFileSync(join(root, name), 'utf8')]))
    expect(Object.values(texts).flatMap(codeBlocks).length).toBeGreaterThan(0)
    expect(typeProblems(texts)).toEqual([])
  })

  test.each(documents())('%s has no broken links', (document) => {
    expect(brokenLinks(document)).toEqual([])
  })
})

describe('the check itself', () => {
  test('finds code that does not fit the packages, and says where it is', () => {
    const text = `# Title\n\n${fence}ts\nimport { unifiedStorage } from '@unified-storage/core'\nunifiedStorage.write('a')\n${fence}\n`
    expect(typeProblems({ 'README.md': text })).toEqual([
      expect.stringMatching(/^README\.md\.0\.ts, line 5: .*'write'/),
    ])
  })

  test('leaves blocks of other languages alone', () => {
    expect(codeBlocks(`${fence}sh\nnpm start\n${fence}\n\n${fence}tsx\nexport {}\n${fence}\n`)).toEqual([
      { language: 'tsx', code: `${'\n'.repeat(5)}export {}\n` },
    ])
  })
})
