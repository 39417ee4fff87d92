import { expect, test } from 'vitest'
import { toStorageError } from './browser-failures'

/** As in browsers where it is no `DOMException` any more. */
class QuotaExceededError extends Error {
  override readonly name = 'QuotaExceededError'
  readonly quota = null
}

test.each<[what: string, error: unknown]>([
  ['the name of today', new DOMException('full', 'QuotaExceededError')],
  ['a class of its own', new QuotaExceededError('full')],
  ['the oldest name', Object.assign(new Error('full'), { name: 'QUOTA_EXCEEDED_ERR' })],
  ["Firefox's name", Object.assign(new Error('full'), { name: 'NS_ERROR_DOM_QUOTA_REACHED', code: 1014 })],
  ['the number alone', { code: 22, message: 'full' }],
])('[E1] a full disk under %s is QUOTA_EXCEEDED', (_what, cause) => {
  expect(toStorageError('indexeddb', cause)).toMatchObject({ code: 'QUOTA_EXCEEDED', backend: 'indexeddb', cause })
})

test.each([undefined, null, 'text', new Error('other'), new DOMException('lost', 'UnknownError')])(
  '[E1] anything else, such as %s, is UNAVAILABLE with its cause',
  (cause) => {
    expect(toStorageError('indexeddb', cause)).toMatchObject({ code: 'UNAVAILABLE', cause })
    expect(toStorageError(undefined, cause, 'In other words.').message).toBe('In other words.')
  },
)
