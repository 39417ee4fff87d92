import { useUnifiedStorage } from '@unified-storage/react'
import { useLayoutEffect } from 'react'
import { useAttempts } from '../use-attempts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export type ThemeHandle = {
  theme: Theme
  chooseTheme(theme: Theme): void
  /** Why the last choice was not kept. */
  problem: string | undefined
}

/** The chosen theme, kept in the storage like any other data: other tabs follow at once. */
export function useTheme(): ThemeHandle {
  const [stored, setStored] = useUnifiedStorage<unknown>('theme', 'system')
  const { problem, attempt } = useAttempts()
  // An import may have put anything there.
  const theme = themes.find((name) => name === stored) ?? 'system'

  useLayoutEffect(() => showTheme(theme), [theme])

  return {
    theme,
    chooseTheme: (next) => void attempt('The theme was not kept.', () => setStored(next)),
    problem,
  }
}

/** The style sheets look at this attribute; without it they follow the system. */
function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
