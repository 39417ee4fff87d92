import { version } from 'react'
import { expect, test } from 'vitest'
import { useUnifiedStorage } from './index'

// The projects that run this file say what they run it with.
test('[H7] the React and the compiler that were asked for are the ones in use', () => {
  expect(version.split('.')[0]).toBe(import.meta.env.VITE_REACT_MAJOR ?? '19')
  expect(/_c\d*\(\d+\)/.test(useUnifiedStorage.toString())).toBe(Boolean(import.meta.env.VITE_REACT_COMPILER))
})
