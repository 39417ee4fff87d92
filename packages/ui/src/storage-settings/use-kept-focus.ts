import { type RefObject, useEffect, useRef } from 'react'

/**
 * When a step gives way to the next, what had the focus may be gone: then the element that gets this ref takes it, or `home` in a step
 * that gives it to none. Not when the focus `isElsewhere`.
 */
export function useKeptFocus<Target extends HTMLElement>(
  step: string,
  home: RefObject<HTMLElement | null>,
  isElsewhere: boolean,
): RefObject<Target | null> {
  const target = useRef<Target>(null)
  const previous = useRef(step)

  useEffect(() => {
    const hasChanged = previous.current !== step
    previous.current = step
    const focusIsLost = document.activeElement === null || document.activeElement === document.body
    if (hasChanged && focusIsLost && !isElsewhere) (target.current ?? home.current)?.focus()
  }, [step, home, isElsewhere])

  return target
}
