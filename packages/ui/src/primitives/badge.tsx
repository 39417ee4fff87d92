import { cva } from 'class-variance-authority'
import type { ComponentPropsWithoutRef, ReactElement } from 'react'
import { classNames } from './class-names'

export type Tone = 'neutral' | 'success' | 'warning' | 'danger'
export type BadgeProps = ComponentPropsWithoutRef<'span'> & { tone?: Tone }

const badgeStyle = cva(
  [
    'us:inline-flex us:items-center us:gap-1.5 us:px-2.5 us:py-1',
    'us:rounded-full us:border us:border-solid',
    'us:text-sm us:font-medium us:[&>svg]:size-4 us:[&>svg]:shrink-0',
  ],
  {
    variants: {
      tone: {
        neutral: 'us:bg-us-sunken us:text-us-text us:border-us-border',
        success: 'us:bg-us-success-surface us:text-us-success us:border-us-success/40',
        warning: 'us:bg-us-warning-surface us:text-us-warning us:border-us-warning/40',
        danger: 'us:bg-us-danger-surface us:text-us-danger us:border-us-danger/40',
      },
    },
  },
)

/** A short fact. Its colour only repeats what its icon and words say. */
export function Badge({ tone = 'neutral', className, ...props }: BadgeProps): ReactElement {
  return <span data-slot="badge" data-tone={tone} className={classNames(badgeStyle({ tone }), className)} {...props} />
}
