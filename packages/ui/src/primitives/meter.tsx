import { cva } from 'class-variance-authority'
import type { ComponentPropsWithoutRef, ReactElement } from 'react'
import { classNames } from './class-names'

export type MeterProps = Omit<ComponentPropsWithoutRef<'div'>, 'children'> & {
  value: number
  max: number
  tone?: 'normal' | 'warning' | 'danger'
}

const fillStyle = cva('us:block us:h-full us:min-w-1 us:rounded-full', {
  variants: {
    tone: {
      normal: 'us:bg-us-accent',
      warning: 'us:bg-us-warning',
      danger: 'us:bg-us-danger',
    },
  },
})

const trackStyle = [
  'us:h-3 us:w-full us:overflow-hidden us:rounded-full',
  'us:bg-us-sunken us:border us:border-solid us:border-us-control',
]

/** How full something is. Needs a name and, for a person, `aria-valuetext`. */
export function Meter({ value, max, tone = 'normal', className, ...props }: MeterProps): ReactElement {
  const width = `${Math.min(100, (100 * value) / max)}%`
  return (
    <div
      role="meter"
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(value, max)}
      data-slot="meter"
      data-state={tone}
      className={classNames(trackStyle, className)}
      {...props}
    >
      <span className={fillStyle({ tone })} style={{ inlineSize: width }} />
    </div>
  )
}
