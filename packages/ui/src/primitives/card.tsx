'use client'

import {
  type ComponentPropsWithoutRef,
  type ForwardRefExoticComponent,
  forwardRef,
  type ReactElement,
  type RefAttributes,
} from 'react'
import { classNames } from './class-names'

const cardStyle = [
  'us:scheme-auto us:@container us:text-base us:text-us-text',
  'us:grid us:gap-4 us:p-4 us:min-w-0',
  'us:bg-us-surface us:rounded-us us:border us:border-solid us:border-us-border',
]

/** A section of the panel. It can stand alone, so it carries the panel's colours and is its own query container. */
export function Card({ className, ...props }: ComponentPropsWithoutRef<'section'>): ReactElement {
  return <section data-slot="card" data-us-root="" className={classNames(cardStyle, className)} {...props} />
}

export type HeadingLevel = 2 | 3 | 4
export type CardTitleProps = ComponentPropsWithoutRef<'h2'> & { level?: HeadingLevel }

const titleStyle = [
  'us:text-lg us:font-semibold us:leading-snug us:rounded-sm',
  'us:outline-2 us:outline-transparent us:outline-offset-4 us:focus-visible:outline-us-accent',
]

/** A section's heading. It can take the focus when the control that had it goes away. */
export const CardTitle: ForwardRefExoticComponent<CardTitleProps & RefAttributes<HTMLHeadingElement>> = forwardRef(
  function CardTitle({ level = 2, className, ...props }, ref) {
    const Heading = `h${level}` as const
    return (
      <Heading
        ref={ref}
        tabIndex={-1}
        data-slot="card-title"
        className={classNames(titleStyle, className)}
        {...props}
      />
    )
  },
)
