'use client'

import { cva } from 'class-variance-authority'
import {
  type ComponentPropsWithoutRef,
  type ForwardRefExoticComponent,
  forwardRef,
  type MouseEvent,
  type RefAttributes,
} from 'react'
import { classNames } from './class-names'

export type ButtonProps = ComponentPropsWithoutRef<'button'> & {
  variant?: 'primary' | 'secondary' | 'danger' | 'quiet'
  /** Work is going on: clicks do nothing, and focus stays. The label says what the work is. */
  isBusy?: boolean
}

const buttonStyle = cva(
  [
    'us:inline-flex us:items-center us:justify-center us:gap-2',
    'us:min-h-11 us:min-w-11 us:px-4 us:py-2',
    'us:rounded-us-control us:border us:border-solid us:border-transparent',
    'us:text-sm us:font-semibold us:cursor-pointer us:[&>svg]:shrink-0',
    'us:transition-colors us:motion-reduce:transition-none',
    'us:outline-2 us:outline-transparent us:outline-offset-2 us:focus-visible:outline-us-accent',
    'us:aria-disabled:cursor-progress us:aria-disabled:opacity-80',
  ],
  {
    variants: {
      variant: {
        primary: 'us:bg-us-accent us:text-us-on-accent us:hover:bg-us-accent/90',
        secondary: 'us:bg-us-surface us:text-us-text us:border-us-control us:hover:bg-us-sunken',
        danger: 'us:bg-us-danger us:text-us-on-danger us:hover:bg-us-danger/90',
        quiet: 'us:text-us-accent us:underline us:underline-offset-4 us:hover:bg-us-sunken',
      },
    },
  },
)

/** A button of at least 44 by 44 pixels. */
export const Button: ForwardRefExoticComponent<ButtonProps & RefAttributes<HTMLButtonElement>> = forwardRef(
  function Button({ variant = 'secondary', isBusy = false, className, onClick, ...props }, ref) {
    return (
      <button
        ref={ref}
        type="button"
        data-slot="button"
        data-state={isBusy ? 'busy' : 'idle'}
        aria-disabled={isBusy || undefined}
        className={classNames(buttonStyle({ variant }), className)}
        onClick={isBusy ? ignoreClick : onClick}
        {...props}
      />
    )
  },
)

function ignoreClick(event: MouseEvent): void {
  event.preventDefault()
}
