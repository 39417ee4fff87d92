'use client'

import { useState } from 'react'

/** The default of the first render with this key: an inline `[]` is a new array each time, and must not cause a loop. */
export function useDefault<T>(key: string, defaultValue: T | (() => T)): T {
  const [kept, setKept] = useState(() => ({ key, value: resolve(defaultValue) }))
  if (kept.key === key) return kept.value
  const fresh = { key, value: resolve(defaultValue) }
  setKept(fresh)
  return fresh.value
}

function resolve<T>(defaultValue: T | (() => T)): T {
  return typeof defaultValue === 'function' ? (defaultValue as () => T)() : defaultValue
}
