'use client'

import { Dialog as DialogPrimitive } from 'radix-ui'
import type { ComponentPropsWithoutRef, ReactElement, RefObject } from 'react'
import { classNames } from './class-names'

/** A modal dialog: traps the focus while it is open, closes on Escape. */
export const Dialog: typeof DialogPrimitive.Root = DialogPrimitive.Root

const overlayStyle = [
  'us:fixed us:inset-0 us:z-50 us:bg-us-shade',
  'us:grid us:place-items-center us:overflow-y-auto us:p-4',
]

const contentStyle = [
  'us:scheme-auto us:@container us:text-base us:text-us-text',
  'us:grid us:gap-4 us:w-full us:max-w-xl us:min-w-0 us:p-4',
  'us:bg-us-surface us:rounded-us us:border us:border-solid us:border-us-border us:shadow-xl us:outline-none',
]

export type DialogContentProps = ComponentPropsWithoutRef<typeof DialogPrimitive.Content> & {
  /** Gets the focus when the dialog closes. The dialog hangs below the body, but looks like the place where this is. */
  opener: RefObject<HTMLElement | null>
}

/** The dialog's box, with the shade behind it. The shade scrolls, so that a tall dialog can be read on a small screen. */
export function DialogContent({ opener, className, ...props }: DialogContentProps): ReactElement {
  return (
    <DialogPrimitive.Portal>
      <DialogPrimitive.Overlay data-slot="dialog-overlay" data-us-root="" className={classNames(overlayStyle)}>
        <DialogPrimitive.Content
          ref={(content) => takeLook(content, opener.current)}
          data-slot="dialog"
          data-us-root=""
          className={classNames(contentStyle, className)}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            opener.current?.focus()
          }}
          {...props}
        />
      </DialogPrimitive.Overlay>
    </DialogPrimitive.Portal>
  )
}

/** Light or dark, the direction of text, and the font may be set on a part of the page only. */
function takeLook(content: HTMLElement | null, model: Element | null): void {
  if (!content || !model) return
  const { colorScheme, direction, fontFamily } = getComputedStyle(model)
  Object.assign(content.style, { colorScheme, direction, fontFamily })
}

/** The dialog's heading, which names it. */
export function DialogTitle({
  className,
  ...props
}: ComponentPropsWithoutRef<typeof DialogPrimitive.Title>): ReactElement {
  return (
    <DialogPrimitive.Title
      data-slot="dialog-title"
      className={classNames('us:text-lg us:font-semibold us:leading-snug us:wrap-anywhere', className)}
      {...props}
    />
  )
}

/** What the dialog is about, read out with its name. */
export function DialogDescription({
  className,
  ...props
}: ComponentPropsWithoutRef<typeof DialogPrimitive.Description>): ReactElement {
  return (
    <DialogPrimitive.Description
      data-slot="dialog-description"
      className={classNames('us:text-sm us:text-us-muted', className)}
      {...props}
    />
  )
}
