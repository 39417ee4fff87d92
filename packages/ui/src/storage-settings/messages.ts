import { connection } from './connection-messages'
import type {
  LocationMessages,
  PartialStorageMessages,
  PreviewMessages,
  ProblemMessages,
  StorageMessages,
  TransferMessages,
  UsageMessages,
} from './message-types'
import { found } from './found-messages'
import { picker } from './picker-messages'
import { switching } from './switch-messages'

const location: LocationMessages = {
  title: 'Where your data is',
  loading: 'Looking up where your data is…',
  failed: 'Your data cannot be reached right now.',
  retry: 'Try again',
  retrying: 'Trying again…',
  backends: {
    indexeddb: { name: 'This browser (IndexedDB)', description: 'Your data stays on this device, in this browser.' },
    sqlite: {
      name: 'This browser (SQLite)',
      description: 'Your data stays on this device, in a database in this browser.',
    },
    sparkkv: { name: 'Spark KV', description: 'Your data is in the key-value store of your Spark app.' },
    flask: { name: 'Your server (Flask)', description: 'Your data is on your server.' },
    memory: { name: 'Memory of this page', description: 'Your data is in this page only.' },
  },
  otherBackend: 'Your data is in a store that this app brings along.',
  durable: 'Stays when you close the browser',
  notDurable: 'Lost when you close this page',
  notDurableAdvice: 'Export a copy before you close the page. A private window or blocked site data can be the reason.',
  persisted: 'The browser has agreed not to clear it by itself.',
  notPersisted: 'The browser may clear it when the device runs out of space. An exported file is a copy of your own.',
  standIn: '{wanted} cannot be opened. Until it can, changes are kept in this browser.',
  standInPending: { one: '{count} changed item waits for it.', other: '{count} changed items wait for it.' },
  startAnew: {
    open: 'Start anew…',
    title: 'Start anew, with nothing?',
    description:
      'What was kept here is gone, and this app waits in case it comes back. To start anew is to stop waiting, with an empty storage. Then a file that you exported earlier can be imported.',
    pending: {
      one: '{count} item that was changed since is removed, too.',
      other: '{count} items that were changed since are removed, too.',
    },
    confirm: 'Start anew',
    running: 'Starting anew…',
    failed: 'Starting anew did not work.',
    cancel: 'Cancel',
  },
}

const usage: UsageMessages = {
  title: 'Usage',
  loading: 'Adding up what is stored…',
  failed: 'What is stored could not be added up.',
  retry: 'Try again',
  retrying: 'Trying again…',
  items: 'Items',
  size: 'Size',
  approximate: 'about {size}',
  spaceTitle: 'Space of this site',
  space: '{used} of {total} used (approximate)',
  spaceWithoutLimit: '{used} used (approximate). The browser does not say how much is allowed.',
  spaceUnknown: 'The browser does not say how much space is used.',
  warning: 'Getting full: {percent}',
  danger: 'Almost full: {percent}',
  spaceAdvice: 'Export a copy, then delete what you do not need. When no space is left, changes are refused.',
  tableTitle: 'Items by group',
  group: 'Group',
  lastChange: 'Last change',
  lastChangeUnknown: 'unknown',
  empty: 'Nothing is stored yet. What this app keeps will be listed here.',
  showAll: { one: 'Show {count} group', other: 'Show all {count} groups' },
  showFewer: 'Show fewer groups',
}

const transfer: TransferMessages = {
  title: 'Export and import',
  exportTitle: 'Export',
  exportText: 'Download everything as one file: a copy to keep, or to import on another device.',
  exportButton: 'Export to a file',
  exporting: 'Exporting…',
  exportFailed: 'The export did not work.',
  exportEmpty: 'There is nothing to export yet.',
  exportCancelled: 'The export was cancelled.',
  exported: {
    one: 'Handed {fileName} with {count} item to your browser to download.',
    other: 'Handed {fileName} with {count} items to your browser to download.',
  },
  importTitle: 'Import',
  importText:
    'Drop an exported file here, or choose one: of this app, or any JSON object of keys and values. You see what would change before anything does.',
  importButton: 'Choose a file to import',
  reading: 'Reading {fileName}…',
  importing: 'Importing {fileName}…',
  importCancelled: 'The import of {fileName} was cancelled. Nothing was changed.',
  refused: '{fileName} cannot be imported.',
  nothingChanged: 'Nothing was changed.',
  imported: 'Imported {fileName}:',
  importedEarlier: 'Last import, on {when}:',
  undo: 'Undo import',
  undoing: 'Taking it back…',
  undoFailed: 'The import could not be taken back.',
  undoUnknown: 'Whether the last import can be taken back is not known.',
  takenBack: 'Took back the import of {fileName}:',
  takenBackEarlier: 'Took back the import of {when}:',
  kept: {
    one: '{count} item was changed since, and stays as it is.',
    other: '{count} items were changed since, and stay as they are.',
  },
  close: 'Close',
  cancel: 'Cancel',
  phases: { read: 'Reading', check: 'Checking', write: 'Writing' },
  progress: '{done} of {total}, {size}',
}

const preview: PreviewMessages = {
  title: 'Import {fileName}?',
  description: 'Nothing has been changed yet.',
  modeTitle: 'How to import',
  merge: 'Merge',
  mergeText: 'Add and change what is in it; keep everything else.',
  replace: 'Replace',
  replaceText: 'Make everything exactly as in it.',
  replaceNothing: 'Nothing has to be removed.',
  replaceRemoves: { one: 'Removes {count} item.', other: 'Removes {count} items.' },
  outcomeTitle: 'What will change',
  added: 'Added',
  changed: 'Changed',
  identical: 'Identical',
  removed: 'Removed',
  addedCount: { other: '{count} added' },
  changedCount: { other: '{count} changed' },
  identicalCount: { other: '{count} identical' },
  removedCount: { other: '{count} removed' },
  moreKeys: { other: 'and {count} more' },
  cancel: 'Cancel',
  close: 'Close',
  confirmMerge: { one: 'Import {count} item', other: 'Import {count} items' },
  confirmReplace: 'Replace everything',
  confirmReplaceRemoves: { one: 'Replace and remove {count} item', other: 'Replace and remove {count} items' },
  importing: 'Importing…',
  failed: 'The import did not work.',
  nothingToDo: 'Everything in it is here already, so there is nothing to import.',
  changedMeanwhile: 'Your data changed since you looked. Look at the new numbers, then confirm again.',
  cancelImport: 'Cancel the import',
  cancelled: 'The import was cancelled. Nothing was changed.',
}

const problems: ProblemMessages = {
  manyFiles: 'Those are several files. Choose one.',
  tooLarge: 'The file has {size}, and at most {limit} can be imported here. Choose a smaller export.',
  noEntries: 'It holds no items, so there is nothing to import.',
}

/** The panel in English: what is used where the `messages` prop says nothing. */
export const englishMessages: StorageMessages = {
  location,
  picker,
  switching,
  connection,
  usage,
  transfer,
  preview,
  found,
  problems,
  errors: {},
}

export function mergeMessages(own: PartialStorageMessages = {}): StorageMessages {
  return {
    location: {
      ...location,
      ...own.location,
      backends: { ...location.backends, ...own.location?.backends },
      startAnew: { ...location.startAnew, ...own.location?.startAnew },
    },
    picker: { ...picker, ...own.picker, facts: { ...picker.facts, ...own.picker?.facts } },
    switching: { ...switching, ...own.switching, phases: { ...switching.phases, ...own.switching?.phases } },
    connection: {
      ...connection,
      ...own.connection,
      addressProblems: { ...connection.addressProblems, ...own.connection?.addressProblems },
    },
    usage: { ...usage, ...own.usage },
    transfer: { ...transfer, ...own.transfer, phases: { ...transfer.phases, ...own.transfer?.phases } },
    preview: { ...preview, ...own.preview },
    found: { ...found, ...own.found, kinds: { ...found.kinds, ...own.found?.kinds } },
    problems: { ...problems, ...own.problems },
    errors: { ...own.errors },
  }
}
