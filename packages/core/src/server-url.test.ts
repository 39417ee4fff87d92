import { describe, expect, test } from 'vitest'
import { checkServerUrl, serverUrlProblem } from './server-url'

describe('the address of a server', () => {
  test.each([
    'https://example.com',
    'https://example.com:8443/storage/',
    'http://localhost:5001',
    'http://127.0.0.1:5001',
    'http://[::1]:5001',
    'http://app.localhost',
  ])('%s may be used', (url) => {
    expect(checkServerUrl(url)).toBeUndefined()
    expect(serverUrlProblem(url)).toBeUndefined()
  })

  test.each([
    ['', 'not-an-address'],
    ['example.com', 'not-an-address'],
    [undefined, 'not-an-address'],
    ['javascript:alert(1)', 'wrong-scheme'],
    ['file:///etc/passwd', 'wrong-scheme'],
    ['localhost:5001', 'wrong-scheme'],
    ['https://ada:secret@example.com', 'holds-credentials'],
    ['http://example.com', 'not-encrypted'],
    ['http://localhost.example.com', 'not-encrypted'],
  ])('%j is refused: %s', (url, problem) => {
    expect(checkServerUrl(url)).toBe(problem)
    expect(serverUrlProblem(url)).toMatch(/^(is|holds|begins) /)
  })
})
