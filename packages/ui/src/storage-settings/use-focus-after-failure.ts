import { type RefObject, useEffect, useRef } from 'react'

type Status = 'loading' | 'failed' | 'ready'

/** The retry button goes away when the retry works; the focus must not go with it, so the heading takes it. */
export function useFocusAfterFailure(status: Status): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  const previous = useRef(status)

  useEffect(() => {
    const hadFailed = previous.current === 'failed'
    previous.current = status
    const focusIsLost = document.activeElement === null || document.activeElement === document.body
    if (hadFailed && status === 'ready' && focusIsLost) heading.current?.focus()
  }, [status])

  return heading
}
