import { expect, test } from 'vitest'
import { type Choice, chooseBackend, type ChoiceInput } from './choose-backend'

const browser = { indexedDB: true, browser: true }
const bare = { indexedDB: false, browser: true }
const server = { indexedDB: false, browser: false }
const firstOf = (...backends: string[]): Choice => ({ type: 'first-of', backends })
const flask = { backend: 'flask', url: 'https://a.example' }
const sqlite = { backend: 'sqlite' }

test.each<[string, Partial<ChoiceInput>, Choice]>([
  ['the record wins over what is configured', { recorded: sqlite, configured: flask }, { type: 'one', ...sqlite }],
  ['a server keeps its address', { recorded: flask, configured: sqlite }, { type: 'one', ...flask }],
  ['what is configured comes next', { configured: flask }, { type: 'one', ...flask }],
  ['else IndexedDB', {}, firstOf('indexeddb', 'sqlite', 'sparkkv')],
  ['without IndexedDB the others', { available: bare }, firstOf('sqlite', 'sparkkv')],
  ['a server keeps nothing', { available: server }, { type: 'server' }],
  [
    'what is configured for browsers means nothing on a server',
    { available: server, configured: sqlite },
    { type: 'server' },
  ],
  [
    'a backend of your own does',
    { available: server, configured: { backend: 'mine' } },
    { type: 'one', backend: 'mine' },
  ],
])('[D2] %s', (_what, input, expected) => {
  expect(chooseBackend({ recorded: undefined, configured: undefined, available: browser, ...input })).toEqual(expected)
})
