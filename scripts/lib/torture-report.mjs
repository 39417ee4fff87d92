import { row } from './markdown-table.mjs'
import { switchesIntroduction } from './torture-switches.mjs'

const introduction = `# Torture

Does a write that was acknowledged survive the death of the browser? A page writes numbered values, by \`set\`, \`setMany\` and
\`update\`, three at a time, and reports each acknowledgement; upon a random one the test sends SIGKILL to every process of the
browser, at once, while more writes are under way. In every second round these are large, 4 MB each, so that a commit takes
long enough to be cut in two (localStorage has no room for them). The next browser, on the same profile, is asked what is there.

What is lost was acknowledged and is gone. What is torn is a \`setMany\` of which a part is there. localStorage is in the table
because it must lose: browsers write it to the disk seconds later, and a test that does not notice that would notice nothing.
A killed browser is not a power cut; that is what the option \`durability: 'strict'\` is for. Where a kill cuts a record of Chromium's own
log in two, Chromium itself drops everything two starts later, unless it is made to begin another log in between, as the kit does since it
lost 976 of 1,609 writes on IndexedDB and 1,290 of 1,609 on SQLite in a run of 40 kills with seed 2032: see
[decision 12](decisions/0012-lost-data.md).

\`npm run torture\` writes this page; \`npm test\` does the same with 5 kills.`

const hooksIntroduction = `## The hooks

Two tabs with up to eight components tell a random story: components come and go, with StrictMode and without, change their key, set,
append, delete and go on using their setters when they are gone, eight times at least in a story and up to four in a tick, with values
that do not fit beside others that do, while transactions, their answers and the news of the other tab arrive in a random order and the
backend is away. Time is virtual: fast-check's scheduler says what arrives next, so that every order is possible that answers after
0 to 500 ms could have, and more. A model of plain lists knows what was promised. At every render nothing may be shown twice, of another
key, of a component that is gone, or after it failed, and nothing that waits or was saved may disappear; in the end what is stored and
shown is what was acknowledged, no default was written, the console is empty, and minutes after the last component nobody listens.

A hundredth as many stories run on a real IndexedDB, with a second page of the same origin in a frame, which writes past the hooks.

\`npm test\` does the same on 60 schedules with a seed of its own.`

const backendIntroduction = `## The server

Requests are made up from the OpenAPI document by schemathesis, right ones and wrong ones, with all of its checks: no 5xx, and no
answer whose status, type or body is not described. Two users then tell random stories: they write, push, repeat old pushes, share
spaces, change roles and leave, with versions 1 and 2 of the API, and an oracle of plain dictionaries knows every answer, also that
nobody sees what is not theirs. Last, eight processes push to the real server, lose answers unread and repeat pushes that were answered,
while its workers and then its master are killed with -9. In the end every acknowledged mutation is there once with its outcome,
revisions have no gaps, and SQLite's \`integrity_check\` is ok. Several gunicorn workers of 8 threads each, with Redis between them, on
SQLite and on PostgreSQL. Each test has a seed of its own, so no request of the one is asked of the other again.

\`npm test\` does the same with fewer of each.`

const introductions = {
  browsers: introduction,
  switches: switchesIntroduction,
  hooks: hooksIntroduction,
  backend: backendIntroduction,
}

/** The page with what one part has found in its place; the other parts stay. */
export function reportOf(before, part, text) {
  const known = Object.keys(introductions).map((name) => (name === part ? text : textOf(before, name)))
  const sections = Object.values(introductions).map((words, index) => `${words}\n\n${known[index]}\n`)
  return sections.join('\n')
}

// What follows the introduction, up to the next heading.
function textOf(page, part) {
  const start = page.indexOf(introductions[part])
  if (start === -1) return 'Not run yet.'
  return page
    .slice(start + introductions[part].length)
    .split('\n## ')[0]
    .trim()
}

export function describeKills(runs, seed) {
  const rows = runs.map(({ backend, kills, acknowledged, lost, torn }) =>
    row([backend, kills, acknowledged, lost.length, torn.length]),
  )
  const header = [
    row(['backend', 'kills', 'acknowledged', 'lost', 'torn']),
    row(['---', '---:', '---:', '---:', '---:']),
  ]
  return `${[...header, ...rows].join('\n')}\n\nSeed of the kill points: ${seed}.`
}

export function describeHooks(hooks) {
  if (!hooks) return 'The last run found a schedule on which a promise was broken.'
  return `Schedules: ${hooks.schedules}, with ${hooks.saved} saved writes and ${hooks.failed} that failed; broken promises: 0. Seed: ${hooks.seed}.`
}

export function describeBackend({ held, lines }, seed) {
  const requests = lines.filter(({ test }) => test !== 'crashes')
  const crashes = lines.filter(({ test }) => test === 'crashes')
  const asked = row(['random', 'on', 'requests', 'answers of 5xx', 'wrong answers'])
  const killed = row([
    'clients pushing on',
    'workers',
    'kills',
    'pushes',
    'answers lost',
    'repeated',
    'met an outage',
    'acknowledged',
    'lost or doubled',
  ])
  const sum = (name) => requests.reduce((total, one) => total + one[name], 0)
  return [
    asked,
    row(['---', '---', '---:', '---:', '---:']),
    ...requests.map((one) => row([nameOf(one), one.engine, one.requests, one.failed, one.wrong])),
    row(['all', '', sum('requests'), sum('failed'), sum('wrong')]),
    '',
    killed,
    row(['---', ...Array(8).fill('---:')]),
    ...crashes.map((one) => row(killedCounts.map((name) => one[name]))),
    '',
    ...(held ? [] : ['In this run a test did not hold.', '']),
    `Seed: ${seed}.`,
  ].join('\n')
}

const killedCounts = ['engine', 'workers', 'kills', 'pushes', 'lost', 'repeated', 'outages', 'acknowledged', 'wrong']

function nameOf({ test, auth, stories }) {
  return test === 'requests' ? `requests, logins ${auth}` : `${stories} stories`
}
