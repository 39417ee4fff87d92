import type { ReactElement } from 'react'
import { addresses, type Page } from './navigation/use-page'

export function Masthead({ page }: { page: Page }): ReactElement {
  return (
    <header className="masthead">
      <p className="wordmark">
        Unified Storage <span className="text-muted">playground</span>
      </p>
      <nav aria-label="Pages">
        <ul className="flex gap-1 lg:flex-col">
          <NavigationItem to="todos" current={page} label="Todos" />
          <NavigationItem to="settings" current={page} label="Settings" />
        </ul>
      </nav>
    </header>
  )
}

type NavigationItemProps = { to: Page; current: Page; label: string }

function NavigationItem({ to, current, label }: NavigationItemProps): ReactElement {
  return (
    <li>
      <a className="nav-link" href={addresses[to]} aria-current={to === current ? 'page' : undefined}>
        {label}
      </a>
    </li>
  )
}
