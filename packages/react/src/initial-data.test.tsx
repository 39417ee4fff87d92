import { createUnifiedStorage } from '@unified-storage/core'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { StorageProvider, useUnifiedStorage } from './index'

const initialData = { theme: 'dark', toString: 'mine' }
const Shown = ({ name }: { name: string }) => <b>{useUnifiedStorage(name, 'default')[0]}</b>
const shown = (children: ReactNode) =>
  renderToString(<StorageProvider initialData={initialData}>{children}</StorageProvider>).replaceAll(/<[^>]*>/g, '')

test('[H7] a server renders the initial data, and the default for other keys', () => {
  expect(shown(<Shown name="theme" />)).toBe('dark')
  expect(shown(<Shown name="other" />)).toBe('default')
})

test('[K2] no key is special', () => {
  expect(shown(<Shown name="toString" />)).toBe('mine')
  expect(shown(<Shown name="constructor" />)).toBe('default')
})

test('[H7] a provider inside another keeps it, replaces it, or is of another storage', () => {
  const other = createUnifiedStorage({ name: 'other' })
  expect(shown(<StorageProvider children={<Shown name="theme" />} />)).toBe('dark')
  expect(shown(<StorageProvider initialData={{ theme: 'light' }} children={<Shown name="theme" />} />)).toBe('light')
  expect(shown(<StorageProvider storage={other} children={<Shown name="theme" />} />)).toBe('default')
})

test('[H7] it says nothing about another storage that a hook is given', () => {
  const storage = createUnifiedStorage({ name: 'other' })
  const Other = () => <b>{useUnifiedStorage('theme', 'default', { storage })[0]}</b>
  expect(shown(<Other />)).toBe('default')
})
