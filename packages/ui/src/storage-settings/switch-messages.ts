import type { PluralForms } from './format'

/**
 * What a switch says, from its plan to its end. `{from}` and `{to}` are backends; a server comes with its address in the title of the
 * plan and in what that says of copying, in `running` and in `done`.
 */
export type SwitchMessages = {
  /** A `{server}` and its `{address}`, which stand for it in a sentence. */
  server: string
  planTitle: string
  /** `{count}` items, `{size}`, `{from}`, `{to}`. */
  plan: PluralForms
  planUnknown: string
  planNothing: string
  /** `{from}` cannot be opened, and another backend stands in for it. */
  planUnreachable: string
  /** Copied, compared, and only then used. */
  planSafety: string
  /** What becomes of the old data. */
  planOldData: string
  /** A server, or Spark KV, may hold keys of its own. */
  planShared: string
  start: string
  cancelPlan: string
  /** `{to}`; without it when another part started it. */
  running: string
  runningSomewhere: string
  phasesTitle: string
  phases: Readonly<Record<string, string>>
  /** `{done}`, `{total}`, `{size}` */
  progress: string
  cancel: string
  cancelling: string
  cancelled: string
  /** `{count}`, `{size}`, `{to}` */
  done: PluralForms
  /** `{to}`: there was nothing to copy. */
  doneNothing: string
  doneConflicts: PluralForms
  undone: PluralForms
  undo: string
  undoing: string
  undoText: string
  /** Heading of a failure; the reason follows. */
  failed: string
  undoFailed: string
  unharmed: string
  /** It failed, and something else has moved the data. */
  movedMeanwhile: string
  tryAgain: string
  close: string
  conflictTitle: PluralForms
  conflictText: string
  conflictKeys: string
  conflictQuestion: string
  keepTarget: string
  keepTargetText: string
  keepSource: string
  keepSourceText: string
  cancelConflict: string
  /** The same, when it is an undo that met a conflict. */
  cancelUndo: string
}

export const switching: SwitchMessages = {
  server: '{server}, {address}',
  planTitle: 'Switch to {to}?',
  plan: {
    one: '{count} item (about {size}) is copied from {from} to {to}.',
    other: '{count} items (about {size}) are copied from {from} to {to}.',
  },
  planUnknown: 'Everything is copied from {from} to {to}.',
  planNothing: 'There is nothing to copy from {from} yet. What you store from then on is in {to}.',
  planUnreachable:
    '{from} cannot be reached, so what is in it cannot be copied. If your data was never there, what waits for it is brought to {to}; otherwise the switch is refused, and nothing changes.',
  planSafety: 'The copy is read again and compared. Until it is complete, nothing changes; you can cancel.',
  planOldData: 'What is in {from} is kept until the next switch, so that you can undo this one.',
  planShared: 'What is in {to} already stays there, and you will see it too.',
  start: 'Switch to {to}',
  cancelPlan: 'Stay with {from}',
  running: 'Switching to {to}…',
  runningSomewhere: 'Switching…',
  phasesTitle: 'Steps',
  phases: {
    prepare: 'Prepare',
    copy: 'Copy everything',
    verify: 'Read the copy again and compare it',
    commit: 'Change over',
  },
  progress: '{done} of {total} items, {size}',
  cancel: 'Cancel the switch',
  cancelling: 'Cancelling…',
  cancelled: 'The switch was cancelled. Your data is where it was.',
  done: {
    one: 'Your data is in {to} now: {count} item, {size}, compared with the original.',
    other: 'Your data is in {to} now: {count} items, {size}, compared with the original.',
  },
  doneNothing: 'Your data is in {to} now.',
  doneConflicts: {
    one: 'For {count} item there were two values; the other one is listed among the conflicts.',
    other: 'For {count} items there were two values; the others are listed among the conflicts.',
  },
  undone: {
    one: 'Your data is in {to} again: {count} item.',
    other: 'Your data is in {to} again: {count} items.',
  },
  undo: 'Undo: back to {to}',
  undoing: 'Going back…',
  undoText: 'The last switch, from {to}, can be undone.',
  failed: 'The switch did not work.',
  undoFailed: 'The switch could not be undone.',
  unharmed: 'Your data is where it was.',
  movedMeanwhile: 'Meanwhile your data was moved to another place.',
  tryAgain: 'Try again',
  close: 'Close',
  conflictTitle: {
    one: 'Both sides have {count} item with different values',
    other: 'Both sides have {count} items with different values',
  },
  conflictText:
    'Nothing has been changed yet. Choose which values to use; the others are kept in the list of conflicts.',
  conflictKeys: 'Items with two values',
  conflictQuestion: 'Which values to use',
  keepTarget: 'Use what is in {to}',
  keepTargetText: 'Your values of these items are kept in the list of conflicts.',
  keepSource: 'Use what is here',
  keepSourceText: 'The values in {to} are replaced, and kept in the list of conflicts.',
  cancelConflict: 'Do not switch',
  cancelUndo: 'Do not go back',
}
