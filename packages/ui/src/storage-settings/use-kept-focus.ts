import { type RefObject, useEffect, useRef } from 'react'

/** When a step gives way to the next, what had the focus may be gone: then the element that gets this ref takes it. */
export function useKeptFocus<Target extends HTMLElement>(step: string): RefObject<Target | null> {
  const target = useRef<Target>(null)
  const previous = useRef(step)

  useEffect(() => {
    const hasChanged = previous.current !== step
    previous.current = step
    const focusIsLost = document.activeElement === null || document.activeElement === document.body
    if (hasChanged && focusIsLost) target.current?.focus()
  }, [step])

  return target
}
