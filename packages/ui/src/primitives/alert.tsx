import { cva } from 'class-variance-authority'
import type { ComponentPropsWithoutRef, ReactElement } from 'react'
import type { Tone } from './badge'
import { classNames } from './class-names'

export type AlertProps = ComponentPropsWithoutRef<'div'> & { tone?: Tone }

const alertStyle = cva(
  [
    'us:flex us:flex-wrap us:items-start us:gap-x-3 us:gap-y-2 us:p-3',
    'us:rounded-us-control us:border us:border-solid us:text-sm',
    'us:[&>svg]:size-5 us:[&>svg]:shrink-0',
  ],
  {
    variants: {
      tone: {
        neutral: 'us:bg-us-sunken us:border-us-border us:[&>svg]:text-us-muted',
        success: 'us:bg-us-success-surface us:border-us-success/40 us:[&>svg]:text-us-success',
        warning: 'us:bg-us-warning-surface us:border-us-warning/40 us:[&>svg]:text-us-warning',
        danger: 'us:bg-us-danger-surface us:border-us-danger/40 us:[&>svg]:text-us-danger',
      },
    },
  },
)

/** A message in a box. Whoever uses it gives it the role: `alert` for an error, `status` for a result. */
export function Alert({ tone = 'neutral', className, ...props }: AlertProps): ReactElement {
  return <div data-slot="alert" data-tone={tone} className={classNames(alertStyle({ tone }), className)} {...props} />
}

/** The words of an {@link Alert}, beside its icon. */
export function AlertText({ className, ...props }: ComponentPropsWithoutRef<'div'>): ReactElement {
  return (
    <div
      data-slot="alert-text"
      className={classNames('us:min-w-0 us:flex-1 us:basis-40 us:wrap-anywhere', className)}
      {...props}
    />
  )
}
