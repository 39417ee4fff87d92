'use client'

import { type ComponentPropsWithoutRef, type ForwardRefExoticComponent, forwardRef, type RefAttributes } from 'react'
import { classNames } from './class-names'

export type TextInputProps = ComponentPropsWithoutRef<'input'>

const inputStyle = [
  'us:w-full us:min-w-0 us:min-h-11 us:px-3 us:py-2 us:text-base us:text-us-text',
  'us:rounded-us-control us:border us:border-solid us:border-us-control us:bg-us-surface',
  'us:placeholder:text-us-muted us:aria-invalid:border-us-danger us:read-only:bg-us-sunken',
  'us:outline-2 us:outline-transparent us:outline-offset-2 us:focus-visible:outline-us-accent',
]

/** A line of text. Give it a label, and name with `aria-describedby` what says why it is not right. */
export const TextInput: ForwardRefExoticComponent<TextInputProps & RefAttributes<HTMLInputElement>> = forwardRef(
  function TextInput({ className, ...props }, ref) {
    return (
      <input ref={ref} type="text" data-slot="text-input" className={classNames(inputStyle, className)} {...props} />
    )
  },
)
