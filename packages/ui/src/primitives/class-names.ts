import { type ClassValue, clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

const mergeClasses = extendTailwindMerge({ prefix: 'us' })

/** Joins class names; of two that set one property, the later wins, so that a caller can restyle a primitive. */
export function classNames(...values: ClassValue[]): string {
  return mergeClasses(clsx(values))
}
