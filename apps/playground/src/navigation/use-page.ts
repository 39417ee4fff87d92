import { useSyncExternalStore } from 'react'

export type Page = 'todos' | 'settings'

/** The part of the address behind the "#", so that any static server can serve the app. */
export const addresses: Record<Page, string> = { todos: '#/', settings: '#/settings' }

export function usePage(): Page {
  return useSyncExternalStore(subscribe, readPage)
}

function readPage(): Page {
  return window.location.hash === addresses.settings ? 'settings' : 'todos'
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}
