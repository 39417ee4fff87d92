import type { PluralForms } from './format'

/** What is said of data that other libraries keep in this browser. */
export type FoundMessages = {
  title: string
  description: string
  look: string
  looking: string
  failed: string
  nothing: string
  /** `{count}` places were found. */
  count: PluralForms
  /** `{count}` places that nobody knows the content of; the reasons follow. */
  unreadable: PluralForms
  /** Names the list. */
  list: string
  /** By the type of the source. */
  kinds: Readonly<Record<string, string>>
  /** `{count}` items, `{kind}` */
  items: PluralForms
  preview: string
}

export const found: FoundMessages = {
  title: 'Found in this browser',
  description: 'Other libraries may keep data of this site in this browser. Nothing is taken before you say so.',
  look: 'Look for data',
  looking: 'Looking…',
  failed: 'This browser could not be searched.',
  nothing: 'No data of other libraries was found.',
  count: { one: 'Data was found in {count} place.', other: 'Data was found in {count} places.' },
  unreadable: {
    one: '{count} place could not be looked into, and may hold data:',
    other: '{count} places could not be looked into, and may hold data:',
  },
  list: 'Data of other libraries',
  kinds: {
    localforage: 'localForage',
    'idb-keyval': 'idb-keyval',
    dexie: 'Dexie',
    localstorage: 'localStorage',
    sparkkv: 'GitHub Spark (useKV)',
    codeforge: 'CodeForge',
  },
  items: { one: '{kind}, {count} item', other: '{kind}, {count} items' },
  preview: 'Preview the import…',
}
