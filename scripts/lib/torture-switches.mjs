import { row } from './markdown-table.mjs'

export const switchesIntroduction = `## Switching

A switch is cut off after its steps of I/O, for each ordered pair of backends, while nobody writes and while three instances do: one
in the page that switches, and two in another, or in a frame of it where the tab or the browser is to end. It is the first switch of a storage, also one of over 1,000 keys; a second one, after
which the place before is emptied; one that is undone, with what was edited since; or one where the values of the target win. A step
is a call of IndexedDB or of \`fetch\`, counted by wrappers around them and not by marks in the code; SQLite runs in the page for that, and not in its worker. Flask is the real server, and Spark KV the real
client on a service of ours. Flask and Spark KV hold a key of their own before, and another value of a key that is moved.

*fails*: the step throws. *answer lost*: it is done, and its transaction aborted or its answer lost. *page dead*: every step after
it fails, and the page stays. *frame removed*, *tab closed*, *browser killed*: the page is gone after it; killed means SIGKILL to
every process of the browser, and a start on the same profile. *cancelled*: by its signal. *target lies*: a value that is copied is
not stored, though the answer says so.

Afterwards a new instance must use the one backend that the record names, and hold every acknowledged write, or a later one of the
same writer, and nothing else; the writers that live must get on; what others keep on the target is as it was, if the switch came to
nothing, and a cancelled one leaves no database, fence or record; then the same switch is run to its end with the same outcome, and
\`sync.conflicts()\` holds the value that lost, once. While others write, no two runs have the same steps: one that was over before its
step came is counted as such, and the step is made up for by another.

\`npm run torture\` tries every fault at every step, unless told to try each n-th of some, which is said below the table. A *crash* is
here a step that fails, a frame that is removed, or a browser that is killed. All of it takes many hours, so that pairs may be run on
different days; a run of other code than the rest is told apart by the hash of its sources. \`npm test\` tries a sample.`

const kinds = {
  throw: 'fails',
  lost: 'answer lost',
  dead: 'page dead',
  closed: 'frame removed',
  cancel: 'cancelled',
  lie: 'target lies',
  tab: 'tab closed',
  killed: 'browser killed',
}

/** What was found before, with what a run has found anew in the place of the same pairs. */
export function mergeSwitches(before, found, run) {
  const pairs = new Set(found.map(pairOf))
  const kept = before.filter((line) => !pairs.has(pairOf(line)))
  return [...kept, ...found.map((line) => ({ ...line, run }))].sort((a, b) => compare(rowOf(a), rowOf(b)))
}

export function describeSwitches(lines) {
  const runs = groupBy(lines, ({ run }) => JSON.stringify(run))
  return [
    row(['from and to', 'writers', ...Object.values(kinds), 'all']),
    row(['---', '---:', ...Array(Object.keys(kinds).length + 1).fill('---:')]),
    ...[...groupBy(lines, rowOf)].map(([name, some]) => row([name, ...cells(some)])),
    row(['all', '', ...cells(lines)]),
    '',
    `Injections: ${sum(lines, 'injections')}; broken promises: ${sum(lines, 'broken')}; runs whose step did not come: ${sum(lines, 'missed')}.`,
    ...[...runs.values()].map((some) => `\n${describeRun(some)}`),
  ].join('\n')
}

function describeRun(lines) {
  const { every, longEvery, firstEvery, endEvery, seed, code } = lines[0].run
  const pairs = [...new Set(lines.map(pairOf))].join(', ')
  const shares = [
    `every ${nth(firstEvery)}crash of a first switch between IndexedDB, SQLite and Flask`,
    `every ${nth(every)}other fault in frames`,
    `every ${nth(longEvery)}one of many keys or while others write`,
    `every ${nth(endEvery)}step by another end`,
  ]
  return `${pairs}: ${shares.join(', ')}. Sources ${code}, seed ${seed}.`
}

function cells(lines) {
  const counts = Object.keys(kinds).map((name) =>
    sum(
      lines.filter(({ kind }) => kind === name),
      'injections',
    ),
  )
  return [...counts, sum(lines, 'injections')]
}

function rowOf({ writers, ...line }) {
  return `${pairOf(line)} | ${writers}`
}

function pairOf({ from, to }) {
  return `${from} to ${to}`
}

function groupBy(lines, nameOf) {
  const groups = new Map()
  for (const line of lines) groups.set(nameOf(line), [...(groups.get(nameOf(line)) ?? []), line])
  return groups
}

function sum(lines, count) {
  return lines.reduce((total, line) => total + line[count], 0)
}

function compare(a, b) {
  if (a === b) return 0
  return a < b ? -1 : 1
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const endings = { one: 'st', two: 'nd', few: 'rd', other: 'th' }

function nth(number) {
  return number === 1 ? '' : `${number}${endings[ordinals.select(number)]} `
}
