import type { ComponentPropsWithoutRef, ReactElement } from 'react'
import { classNames } from './class-names'

export type ProgressBarProps = Omit<ComponentPropsWithoutRef<'div'>, 'children'> & {
  /** From 0 to `max`; left out while nobody knows. */
  value?: number | undefined
  max?: number
}

const trackStyle = [
  'us:h-3 us:w-full us:overflow-hidden us:rounded-full',
  'us:bg-us-sunken us:border us:border-solid us:border-us-control',
]

const fillStyle = [
  'us:block us:h-full us:min-w-1 us:rounded-full us:bg-us-accent',
  'us:transition-[inline-size] us:motion-reduce:transition-none',
]

/** How far work has come. Needs a name and, for a person, `aria-valuetext`. */
export function ProgressBar({ value, max = 1, className, ...props }: ProgressBarProps): ReactElement {
  const fraction = value === undefined || max <= 0 ? 0 : Math.min(1, value / max)
  return (
    <div
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value === undefined ? undefined : Math.min(value, max)}
      data-slot="progress-bar"
      data-state={value === undefined ? 'indeterminate' : fraction === 1 ? 'complete' : 'loading'}
      className={classNames(trackStyle, className)}
      {...props}
    >
      <span className={classNames(fillStyle)} style={{ inlineSize: `${100 * fraction}%` }} />
    </div>
  )
}
