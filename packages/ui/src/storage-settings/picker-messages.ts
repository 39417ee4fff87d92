/** What can be expected of a backend, a few words each. */
export type BackendFacts = { capacity: string; offline: string; sync: string; sql: string }

/** What the choice of a backend says, before anything is done. */
export type PickerMessages = {
  title: string
  loading: string
  /** Names the group of choices. */
  choose: string
  inUse: string
  /** By backend name; one that an app brought along has none. */
  facts: Readonly<Record<string, BackendFacts>>
  /** Goes before the reason why a backend cannot be chosen. */
  notHere: string
  /** Goes before the reason why nobody knows whether it can be chosen. */
  notKnown: string
  /** Why nothing can be chosen now. */
  busy: string
  /** While the storage cannot be opened. */
  unreachable: string
}

export const picker: PickerMessages = {
  title: 'Choose where your data is kept',
  loading: 'Looking up what can be chosen…',
  choose: 'Where to keep your data',
  inUse: 'In use',
  facts: {
    indexeddb: {
      capacity: 'As much as the browser gives this site.',
      offline: 'Works offline.',
      sync: 'On this device only.',
      sql: 'No SQL.',
    },
    sqlite: {
      capacity: 'As much as fits into memory.',
      offline: 'Works offline.',
      sync: 'On this device only.',
      sql: 'Can be asked in SQL.',
    },
    flask: {
      capacity: 'As much as your server has.',
      offline: 'Needs a connection to your server.',
      sync: 'On all your devices.',
      sql: 'No SQL here.',
    },
    sparkkv: {
      capacity: 'As much as GitHub Spark gives your app.',
      offline: 'Needs a connection.',
      sync: 'Wherever you use this app.',
      sql: 'No SQL.',
    },
  },
  notHere: 'Cannot be chosen here:',
  notKnown: 'Whether it can be used here is not known:',
  busy: 'Wait until the switch is over.',
  unreachable: 'Nothing can be chosen while your data cannot be reached.',
}
