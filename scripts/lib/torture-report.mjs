const introduction = `# Torture

Does a write that was acknowledged survive the death of the browser? A page writes numbered values, by \`set\`, \`setMany\` and
\`update\`, three at a time, and reports each acknowledgement; upon a random one the test sends SIGKILL to every process of the
browser, at once, while more writes are under way. In every second round these are large, 4 MB each, so that a commit takes
long enough to be cut in two (localStorage has no room for them). The next browser, on the same profile, is asked what is there.

What is lost was acknowledged and is gone. What is torn is a \`setMany\` of which a part is there. localStorage is in the table
because it must lose: browsers write it to the disk seconds later, and a test that does not notice that would notice nothing.
A killed browser is not a power cut; that is what the option \`durability: 'strict'\` is for.

\`npm run torture\` writes this page; \`npm test\` does the same with 5 kills.
`

const hooksIntroduction = `## The hooks

Two tabs with four components each tell a random story: components come and go, with StrictMode and without, change their key, set,
append, delete and go on using their setters when they are gone, while transactions, their answers and the news of the other tab arrive
in a random order, values do not fit and the backend is away. A model of plain lists knows what was promised. At every render
nothing may be shown twice, of another key, or after it failed, and nothing that waits or was saved may disappear; in the
end what is stored and shown is what was acknowledged, no default was written, and the console is empty.

\`npm test\` does the same on 150 schedules with a seed of its own.
`

/** The page that says what the kills and the schedules have cost. */
export function reportOf(runs, hooks, seed) {
  const rows = runs.map(({ backend, kills, acknowledged, lost, torn }) =>
    row([backend, kills, acknowledged, lost.length, torn.length]),
  )
  const header = [
    row(['backend', 'kills', 'acknowledged', 'lost', 'torn']),
    row(['---', '---:', '---:', '---:', '---:']),
  ]
  const kills = `${introduction}\n${[...header, ...rows].join('\n')}\n\nSeed of the kill points: ${seed}.\n`
  return `${kills}\n${hooksIntroduction}\n${describeHooks(hooks)}\n`
}

function describeHooks(hooks) {
  if (!hooks) return 'The last run found a schedule on which a promise was broken.'
  return `Schedules: ${hooks.schedules}, with ${hooks.saved} saved writes; broken promises: 0. Seed: ${hooks.seed}.`
}

function row(cells) {
  return `| ${cells.join(' | ')} |`
}
