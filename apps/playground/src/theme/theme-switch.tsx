import { Monitor, Moon, Sun, type LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { type Theme, themes, useTheme } from './use-theme'

const labels: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' }
const icons: Record<Theme, LucideIcon> = { system: Monitor, light: Sun, dark: Moon }

export function ThemeSwitch(): ReactElement {
  const { theme, chooseTheme, problem } = useTheme()
  return (
    <>
      <fieldset className="segments">
        <legend className="sr-only">Theme</legend>
        {themes.map((name) => (
          <ThemeOption key={name} name={name} isChosen={name === theme} onChoose={() => chooseTheme(name)} />
        ))}
      </fieldset>
      <div role="alert">{problem && <p className="notice">{problem}</p>}</div>
    </>
  )
}

type ThemeOptionProps = { name: Theme; isChosen: boolean; onChoose(): void }

function ThemeOption({ name, isChosen, onChoose }: ThemeOptionProps): ReactElement {
  const Icon = icons[name]
  return (
    <label className="segment">
      <input type="radio" name="theme" className="segment-input" checked={isChosen} onChange={onChoose} />
      <Icon aria-hidden className="size-4" />
      {labels[name]}
    </label>
  )
}
