import { isMet, ratios, summary } from './statistics.mjs'

/** The goals of a scenario with what was measured. */
export function judge({ goals, rounds }) {
  return goals.map((goal) => {
    const ratio = summary(ratios(rounds, goal))
    return { ...goal, ratio, met: isMet(goal, ratio.median) }
  })
}

/** One Markdown document: the results of a run, and what it ran on. */
export function describeRun({ machine, scenarios, sizes }) {
  return [
    '# Results of the benchmark',
    '',
    'Written by `npm run bench`; what the numbers mean is in [README.md](README.md).',
    '',
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    '',
    ...scenarios.flatMap(describeScenario),
    ...(sizes ? describeSizes(sizes) : []),
  ].join('\n')
}

export function describeScenario(scenario) {
  return [
    `## ${scenario.id}: ${scenario.title}`,
    '',
    '| ratio, in each round | median | quartiles | goal | met |',
    '|---|---|---|---|---|',
    ...judge(scenario).map(goalRow),
    '',
    '| contender | median ms | quartiles | transactions | requests | durability | longest task ms |',
    '|---|---|---|---|---|---|---|',
    ...scenario.contenders.map((name) => contenderRow(scenario, name)),
    '',
  ]
}

export function describeSizes(sizes) {
  return [
    '## P14: download, minified and in brotli, before anything lazy',
    '',
    '| bundle | brotli bytes | goal | met | minified | lazy, brotli |',
    '|---|---|---|---|---|---|',
    ...sizes.map(({ name, brotli, goal, minified, lazy }) =>
      row([name, brotli, goal ? `<= ${goal}` : '', goal ? yesOrNo(brotli <= goal) : '', minified, lazy]),
    ),
    '',
    ...sizes.filter(({ goal }) => goal).flatMap(({ name, largest }) => [largestLine(name, largest), '']),
  ]
}

function largestLine(name, largest) {
  const modules = largest.map(({ module, bytes }) => `${module} ${bytes}`)
  return `Largest modules of ${name}, in bytes before minifying: ${modules.join(', ')}.`
}

function goalRow({ text, ratio, atLeast, atMost, met }) {
  const bound = atLeast !== undefined ? `>= ${atLeast}` : atMost !== undefined ? `<= ${atMost}` : ''
  return row([text, digits(ratio.median), spread(ratio), bound, met === undefined ? '' : yesOrNo(met)])
}

function contenderRow({ rounds, counts, longestTasks }, name) {
  const time = summary(rounds.map((round) => round[name]))
  const { transactions, requests, durability } = counts[name]
  const longest = longestTasks[name] > 0 ? Math.round(longestTasks[name]) : 'under 50'
  return row([name, digits(time.median), spread(time), transactions, requests, durability.join(', '), longest])
}

function spread({ q1, q3 }) {
  return `${digits(q1)} to ${digits(q3)}`
}

/** Three digits that count. */
function digits(number) {
  return number >= 100 ? String(Math.round(number)) : number.toPrecision(3)
}

function yesOrNo(condition) {
  return condition ? 'yes' : '**no**'
}

function row(cells) {
  return `| ${cells.join(' | ')} |`
}
