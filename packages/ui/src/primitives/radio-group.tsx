'use client'

import { RadioGroup as RadioGroupPrimitive } from 'radix-ui'
import {
  type ComponentPropsWithoutRef,
  type FocusEvent,
  type ForwardRefExoticComponent,
  forwardRef,
  type ReactElement,
  type RefAttributes,
} from 'react'
import { classNames } from './class-names'

/** One choice of a few; arrow keys move it. */
export function RadioGroup({
  className,
  ...props
}: ComponentPropsWithoutRef<typeof RadioGroupPrimitive.Root>): ReactElement {
  return (
    <RadioGroupPrimitive.Root
      data-slot="radio-group"
      className={classNames('us:grid us:gap-2', className)}
      {...props}
    />
  )
}

const cardStyle = [
  'us:flex us:items-start us:gap-3 us:w-full us:min-h-11 us:p-3 us:text-start us:cursor-pointer',
  'us:rounded-us-control us:border us:border-solid us:border-us-control',
  'us:hover:bg-us-sunken us:data-[state=checked]:border-us-accent us:data-[state=checked]:bg-us-sunken',
  'us:aria-disabled:cursor-not-allowed us:aria-disabled:border-dashed us:aria-disabled:hover:bg-us-surface',
  'us:outline-2 us:outline-transparent us:outline-offset-2 us:focus-visible:outline-us-accent',
]

const dotStyle = [
  'us:grid us:place-items-center us:size-5 us:mt-0.5 us:shrink-0',
  'us:rounded-full us:border us:border-solid us:border-us-control us:bg-us-surface',
  'us:after:hidden us:after:size-2.5 us:after:rounded-full us:after:bg-us-accent',
  'us:group-data-[state=checked]:border-us-accent us:group-data-[state=checked]:after:block',
]

type RadioCardProps = ComponentPropsWithoutRef<typeof RadioGroupPrimitive.Item>

/** An option drawn as a card: all of it can be pressed. */
export const RadioCard: ForwardRefExoticComponent<RadioCardProps & RefAttributes<HTMLButtonElement>> = forwardRef<
  HTMLButtonElement,
  RadioCardProps
>(function RadioCard({ className, children, ...props }, ref) {
  return (
    <RadioGroupPrimitive.Item
      ref={ref}
      data-slot="radio-card"
      className={classNames('us:group', cardStyle, className)}
      onFocus={chooseWhenMovedTo}
      {...props}
    >
      <span aria-hidden="true" className={classNames(dotStyle)} />
      <span className="us:grid us:gap-0.5 us:min-w-0">{children}</span>
    </RadioGroupPrimitive.Item>
  )
})

/**
 * Radix moves the focus a moment after an arrow key, and chooses what gets it only while that key is still down: a quick
 * press on a busy page moved the focus and chose nothing.
 */
function chooseWhenMovedTo({ currentTarget, relatedTarget }: FocusEvent<HTMLButtonElement>): void {
  const isFromSibling = relatedTarget?.closest('[role="radiogroup"]')?.contains(currentTarget)
  if (isFromSibling && currentTarget.matches(':focus-visible')) currentTarget.click()
}
