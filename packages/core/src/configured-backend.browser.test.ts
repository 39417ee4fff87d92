import { afterEach, expect, test } from 'vitest'
import { keepOriginalChoice, readConfigured } from './configured-backend'
import { createUnifiedStorage, unifiedStorage } from './index'
import { resolveOptions } from './options'

const configured = (options = {}) => readConfigured(resolveOptions(options))

afterEach(() => {
  localStorage.clear()
})

/** Without the kit's own. */
function originalNames(): Record<string, string> {
  return Object.fromEntries(Object.entries(localStorage).filter(([name]) => name.startsWith('codeforge-')))
}

function originally(names: Record<string, string>): void {
  for (const [name, value] of Object.entries(names)) localStorage.setItem(name, value)
}

test('[D2] nothing is configured by itself', () => {
  expect(configured()).toBeUndefined()
})

test('[D2] options come first, then what the original system was told', () => {
  originally({ 'codeforge-prefer-sqlite': 'true' })
  expect(configured()).toEqual({ backend: 'sqlite' })
  originally({ 'codeforge-prefer-flask': 'true', 'codeforge-flask-url': 'https://original.example' })
  expect(configured()).toEqual({ backend: 'flask', url: 'https://original.example' })
  expect(configured({ flaskUrl: 'https://option.example' })).toEqual({
    backend: 'flask',
    url: 'https://option.example',
  })
  expect(configured({ prefer: 'indexeddb' })).toEqual({ backend: 'indexeddb' })
})

test('[D2] Flask without an address is the one on this computer', () => {
  originally({ 'codeforge-prefer-flask': 'true' })
  expect(configured()).toEqual({ backend: 'flask', url: 'http://localhost:5001' })
  expect(configured({ prefer: 'flask', name: 'another' })).toEqual({ backend: 'flask', url: 'http://localhost:5001' })
})

test('[D2] only the word "true" counts, and only for the default storage', () => {
  originally({ 'codeforge-prefer-sqlite': 'false', 'codeforge-prefer-flask': '1' })
  expect(configured()).toBeUndefined()
  originally({ 'codeforge-prefer-sqlite': 'true' })
  expect(configured({ name: 'another' })).toBeUndefined()
})

test('[D2] a choice made here is kept under the original names', () => {
  keepOriginalChoice({ backend: 'flask', url: 'https://a.example' })
  expect({ ...localStorage }).toEqual({
    'codeforge-prefer-flask': 'true',
    'codeforge-flask-url': 'https://a.example',
  })
  keepOriginalChoice({ backend: 'sqlite' })
  expect({ ...localStorage }).toEqual({
    'codeforge-prefer-sqlite': 'true',
    'codeforge-flask-url': 'https://a.example',
  })
  keepOriginalChoice({ backend: 'indexeddb' })
  expect({ ...localStorage }).toEqual({ 'codeforge-flask-url': 'https://a.example' })
})

test('[D2] a switch of the default storage is kept under them too, and no other', async () => {
  const other = createUnifiedStorage({ name: crypto.randomUUID() })
  await other.switchToSQLite()
  expect(originalNames()).toEqual({})
  await other.close()
  await unifiedStorage.set('key', 1)
  await unifiedStorage.switchToSQLite()
  expect(originalNames()).toEqual({ 'codeforge-prefer-sqlite': 'true' })
  await unifiedStorage.switchToIndexedDB()
  expect(originalNames()).toEqual({})
  expect(await unifiedStorage.get('key')).toBe(1)
})

test.each([
  ['javascript:alert(1)', 'begins with'],
  ['file:///etc/passwd', 'begins with'],
  ['https://user:secret@a.example', 'password'],
  ['http://a.example', 'not encrypted'],
  ['nonsense', 'is not an address'],
])('a server address such as %s is refused in words, without repeating it', (flaskUrl, words) => {
  const { problem } = resolveOptions({ flaskUrl })
  expect(problem).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining(words) as string })
  expect(problem?.message).not.toContain('secret')
})

test.each(['https://a.example/api', 'http://localhost:5001', 'http://127.0.0.1:5001', 'http://[::1]:5001'])(
  'a server address such as %s is accepted',
  (flaskUrl) => {
    expect(resolveOptions({ flaskUrl }).problem).toBeUndefined()
  },
)
