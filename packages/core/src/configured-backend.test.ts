import { afterEach, expect, test, vi } from 'vitest'
import { readConfigured } from './configured-backend'
import { resolveOptions } from './options'

const configured = (options = {}) => readConfigured(resolveOptions(options))

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

test('[D2] the environment comes after the options, before what the original system was told', () => {
  vi.stubEnv('VITE_FLASK_BACKEND_URL', 'https://environment.example')
  vi.stubGlobal('localStorage', { getItem: () => 'true' })
  expect(configured()).toEqual({ backend: 'flask', url: 'https://environment.example' })
  expect(configured({ prefer: 'indexeddb' })).toEqual({ backend: 'indexeddb' })
  expect(configured({ flaskUrl: 'https://option.example' })).toMatchObject({ url: 'https://option.example' })
})

test('[D2] Flask that is preferred without an address is where the environment says, then where the original system was', () => {
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => (name.endsWith('-url') ? 'https://original.example' : null),
  })
  expect(configured({ prefer: 'flask' })).toEqual({ backend: 'flask', url: 'https://original.example' })
  vi.stubEnv('VITE_FLASK_BACKEND_URL', 'https://environment.example')
  expect(configured({ prefer: 'flask' })).toEqual({ backend: 'flask', url: 'https://environment.example' })
  expect(configured({ prefer: 'flask', flaskUrl: 'https://option.example' })).toMatchObject({
    url: 'https://option.example',
  })
  expect(configured({ prefer: 'flask', name: 'another' })).toMatchObject({ url: 'http://localhost:5001' })
})

test('[D2] it is the default storage that the environment speaks of', () => {
  vi.stubEnv('VITE_FLASK_BACKEND_URL', 'https://environment.example')
  expect(configured({ name: 'another' })).toBeUndefined()
})

test.each([
  ['there is no localStorage', undefined],
  [
    'localStorage is forbidden',
    {
      getItem() {
        throw new DOMException('no', 'SecurityError')
      },
    },
  ],
])('[D2] nothing is configured where %s', (_what, localStorage) => {
  vi.stubGlobal('localStorage', localStorage)
  expect(configured()).toBeUndefined()
})
