import { isStorageError } from '@unified-storage/core'
import { useMemo } from 'react'
import type { HeadingLevel } from '../primitives/card'
import { createFormat, type Format } from './format'
import type { PartialStorageMessages, StorageMessages } from './message-types'
import { mergeMessages } from './messages'

/** What every part of the panel takes. */
export type PanelProps = {
  /** Texts in place of the English ones. */
  messages?: PartialStorageMessages
  /** The language of numbers, sizes, dates and plurals, as a BCP 47 tag; should be that of the messages. Default: `en`. */
  locale?: string
  /** Where the part's heading stands among the page's headings. Default: 2. */
  headingLevel?: HeadingLevel
}

/** The panel's texts, and how it writes numbers. */
export type Words = { messages: StorageMessages; format: Format; lang: string | undefined }

export function useWords({ messages, locale }: PanelProps): Words {
  return useMemo(
    () => ({
      messages: mergeMessages(messages),
      format: createFormat(locale ?? 'en'),
      // For screen readers, on a page in another language; texts without a locale are in nobody knows which.
      lang: locale ?? (messages ? undefined : 'en'),
    }),
    [messages, locale],
  )
}

/** A storage error says itself what to do next; any other error has only what it says. */
export function describeError(error: unknown, { messages }: Words): string {
  if (isStorageError(error)) return messages.errors[error.code] ?? error.message
  return error instanceof Error ? error.message : String(error)
}
