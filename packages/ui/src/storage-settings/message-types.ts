import type { StorageErrorCode } from '@unified-storage/core'
import type { ConnectionMessages } from './connection-messages'
import type { PluralForms } from './format'
import type { FoundMessages } from './found-messages'
import type { PickerMessages } from './picker-messages'
import type { SwitchMessages } from './switch-messages'

/** A backend in plain words. */
export type BackendWords = { name: string; description: string }

export type LocationMessages = {
  title: string
  loading: string
  /** Heading of the error; what went wrong follows. */
  failed: string
  retry: string
  retrying: string
  /** By backend name; `memory` is for data that is kept nowhere. */
  backends: Readonly<Record<string, BackendWords>>
  /** For a backend that an app added. Its name is shown as it is. */
  otherBackend: string
  durable: string
  notDurable: string
  notDurableAdvice: string
  persisted: string
  notPersisted: string
  /** Heading of the notice that another backend stands in: `{wanted}`; why follows. */
  standIn: string
  /** `{count}` items with changes that wait. */
  standInPending: PluralForms
  startAnew: StartAnewMessages
}

/** Where what was kept is gone, and only a person can say that it is not coming back. */
export type StartAnewMessages = {
  /** The button that asks. */
  open: string
  title: string
  description: string
  /** `{count}` items that were changed since, and go too. */
  pending: PluralForms
  confirm: string
  running: string
  failed: string
  cancel: string
}

export type UsageMessages = {
  title: string
  loading: string
  failed: string
  retry: string
  retrying: string
  items: string
  size: string
  /** `{size}` */
  approximate: string
  spaceTitle: string
  /** `{used}`, `{total}`, `{percent}` */
  space: string
  /** `{used}` */
  spaceWithoutLimit: string
  spaceUnknown: string
  warning: string
  danger: string
  spaceAdvice: string
  tableTitle: string
  group: string
  lastChange: string
  lastChangeUnknown: string
  empty: string
  showAll: PluralForms
  showFewer: string
}

export type TransferMessages = {
  title: string
  exportTitle: string
  exportText: string
  exportButton: string
  exporting: string
  exportFailed: string
  exportEmpty: string
  exportCancelled: string
  /** `{fileName}`, `{count}` */
  exported: PluralForms
  importTitle: string
  importText: string
  importButton: string
  /** `{fileName}` */
  reading: string
  /** `{fileName}`, while it goes on though its preview was left. */
  importing: string
  /** `{fileName}` */
  importCancelled: string
  /** `{fileName}` */
  refused: string
  nothingChanged: string
  /** `{fileName}`; what was done follows. */
  imported: string
  /** `{when}`: of an import that was made before the page was loaded. */
  importedEarlier: string
  undo: string
  undoing: string
  undoFailed: string
  /** `{fileName}`; what was done follows. */
  takenBack: string
  /** `{when}` */
  takenBackEarlier: string
  /** Heading of the reason. */
  undoUnknown: string
  /** `{count}` items that were written since. */
  kept: PluralForms
  close: string
  /** Of an export, or of a file that is being read. */
  cancel: string
  /** By the name of the step. */
  phases: Readonly<Record<string, string>>
  /** `{done}`, `{total}`, `{size}` */
  progress: string
}

export type PreviewMessages = {
  /** `{fileName}` */
  title: string
  description: string
  modeTitle: string
  merge: string
  mergeText: string
  replace: string
  replaceText: string
  replaceNothing: string
  replaceRemoves: PluralForms
  outcomeTitle: string
  added: string
  changed: string
  identical: string
  removed: string
  addedCount: PluralForms
  changedCount: PluralForms
  identicalCount: PluralForms
  removedCount: PluralForms
  moreKeys: PluralForms
  cancel: string
  close: string
  confirmMerge: PluralForms
  confirmReplace: string
  confirmReplaceRemoves: PluralForms
  importing: string
  failed: string
  nothingToDo: string
  changedMeanwhile: string
  cancelImport: string
  cancelled: string
}

/** Why a file cannot be imported, and what to do. */
export type ProblemMessages = {
  manyFiles: string
  /** `{size}`, `{limit}` */
  tooLarge: string
  noEntries: string
}

/** Everything the panel says. */
export type StorageMessages = {
  location: LocationMessages
  picker: PickerMessages
  switching: SwitchMessages
  connection: ConnectionMessages
  usage: UsageMessages
  transfer: TransferMessages
  preview: PreviewMessages
  found: FoundMessages
  problems: ProblemMessages
  /** By error code, in place of the error's own English message. */
  errors: Readonly<Partial<Record<StorageErrorCode, string>>>
}

/** Messages to put in the place of the English ones; what is left out stays English. */
export type PartialStorageMessages = { readonly [Part in keyof StorageMessages]?: Partial<StorageMessages[Part]> }
