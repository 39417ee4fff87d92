import { findImportSources, type FoundSources } from '@unified-storage/core'
import { useState } from 'react'

export type FoundState =
  { step: 'idle' | 'looking' } | ({ step: 'done' } & FoundSources) | { step: 'failed'; error: unknown }

/** Looks for data of other libraries in this browser, when somebody asks for it. */
export function useFoundSources(): { state: FoundState; look(): void } {
  const [state, setState] = useState<FoundState>({ step: 'idle' })

  async function look(): Promise<void> {
    setState({ step: 'looking' })
    setState(
      await findImportSources().then(
        (found): FoundState => ({ step: 'done', ...found }),
        (error: unknown): FoundState => ({ step: 'failed', error }),
      ),
    )
  }

  return { state, look: () => void look() }
}
