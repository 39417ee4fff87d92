import { useEffect, useRef, type ReactElement, type RefObject } from 'react'
import { Masthead } from './masthead'
import { type Page, usePage } from './navigation/use-page'
import { SettingsPage } from './settings/settings-page'
import { ThemeSwitch } from './theme/theme-switch'
import { TodosPage } from './todos/todos-page'

const titles: Record<Page, string> = { todos: 'Todos', settings: 'Settings' }

export function App(): ReactElement {
  const page = usePage()
  const heading = useAnnouncedPage(page)

  return (
    <div className="frame">
      <Masthead page={page} />
      <main className="min-w-0">
        <h1 ref={heading} tabIndex={-1} className="page-title">
          {titles[page]}
        </h1>
        {page === 'todos' ? <TodosPage /> : <SettingsPage />}
      </main>
      <footer className="frame-end">
        <ThemeSwitch />
      </footer>
    </div>
  )
}

/** Without a page load nothing tells a screen reader of a new page: the title changes and the heading takes the focus. */
function useAnnouncedPage(page: Page): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  const shownPage = useRef(page)

  useEffect(() => {
    document.title = `${titles[page]} · Unified Storage playground`
    // The first page of a visit leaves the focus where the browser put it.
    if (shownPage.current !== page) heading.current?.focus()
    shownPage.current = page
  }, [page])

  return heading
}
