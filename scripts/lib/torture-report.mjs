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

/** The page that says what the kills have cost. */
export function reportOf(runs, seed) {
  const rows = runs.map(({ backend, kills, acknowledged, lost, torn }) =>
    row([backend, kills, acknowledged, lost.length, torn.length]),
  )
  const header = [
    row(['backend', 'kills', 'acknowledged', 'lost', 'torn']),
    row(['---', '---:', '---:', '---:', '---:']),
  ]
  return `${introduction}\n${[...header, ...rows].join('\n')}\n\nSeed of the kill points: ${seed}.\n`
}

function row(cells) {
  return `| ${cells.join(' | ')} |`
}
