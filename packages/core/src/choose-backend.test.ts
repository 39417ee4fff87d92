import { expect, test } from 'vitest'
import { type Choice, chooseBackend, type ChoiceInput } from './choose-backend'

const browser = { indexedDB: true, browser: true }
const bare = { indexedDB: false, browser: true }
const server = { indexedDB: false, browser: false }
const one = (backend: string): Choice => ({ type: 'one', backend })
const firstOf = (...backends: string[]): Choice => ({ type: 'first-of', backends })

test.each<[string, Partial<ChoiceInput>, Choice]>([
  [
    'the record wins over options and hints',
    { recorded: 'sqlite', prefer: 'indexeddb', legacy: 'flask' },
    one('sqlite'),
  ],
  [
    'an option wins over what the original system was told',
    { prefer: 'indexeddb', legacy: 'sqlite' },
    one('indexeddb'),
  ],
  ['what the original system was told comes next', { legacy: 'sqlite' }, one('sqlite')],
  ['else IndexedDB', {}, firstOf('indexeddb', 'sqlite', 'sparkkv')],
  ['without IndexedDB the others', { available: bare }, firstOf('sqlite', 'sparkkv')],
  ['a server keeps nothing', { available: server }, { type: 'server' }],
  ['a preference for a browser means nothing on a server', { available: server, prefer: 'sqlite' }, { type: 'server' }],
  ['one for a backend of your own does', { available: server, prefer: 'mine' }, one('mine')],
])('[D2] %s', (_what, input, expected) => {
  expect(
    chooseBackend({ recorded: undefined, prefer: undefined, legacy: undefined, available: browser, ...input }),
  ).toEqual(expected)
})
