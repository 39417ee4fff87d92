import { figures, isMet, summary } from './statistics.mjs'

/** The goals of a scenario with what was measured. */
export function judge({ goals, rounds }) {
  return goals.map((goal) => {
    const ratio = summary(figures(rounds, goal))
    return { ...goal, ratio, met: isMet(goal, ratio.median) }
  })
}

/** One Markdown document: every result, each with what it ran on. */
export function describeResults(results) {
  return [
    '# Results of the benchmark',
    '',
    'Written by `npm run bench`; what the numbers mean is in [README.md](README.md).',
    '',
    ...results.flatMap(describeResult),
  ].join('\n')
}

export function describeResult(result) {
  const { id, title, machine, sizes } = result
  const tables = sizes ? describeSizes(sizes) : describeTimes(result)
  return [`## ${id}: ${title}`, '', ...(sizes ? [] : [describeMachine(machine), '']), ...tables]
}

function describeMachine({ date, chromium, engine, cores, memory, load, rounds, contenders, features, note }) {
  const asked = features ? ` (with --enable-features=${features})` : ''
  const [before, after] = load
  const facts = [
    `${date}, Chromium ${chromium}, IndexedDB on ${engine}${asked}, ${cores} cores, ${memory}`,
    `load average ${before} before and ${after} after, ${rounds} rounds after one to warm up`,
    contenders.join(', '),
    ...(note ? [`note: ${note}`] : []),
  ]
  return `${facts.join('; ')}.`
}

const columns = ['contender', 'median ms', 'quartiles', 'transactions', 'requests', 'durability', 'longest task ms']
const heapColumns = ['heap growth MiB', 'with garbage']

function columnsOf({ heapGrowths }) {
  return [...columns, ...(heapGrowths ? heapColumns : [])]
}

function describeTimes(scenario) {
  return [
    '| figure, in each round | median | quartiles | goal | met |',
    '|---|---|---|---|---|',
    ...judge(scenario).map(goalRow),
    '',
    row(columnsOf(scenario)),
    `|${'---|'.repeat(columnsOf(scenario).length)}`,
    ...scenario.contenders.map((name) => contenderRow(scenario, name)),
    '',
  ]
}

function describeSizes(sizes) {
  return [
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

function contenderRow({ rounds, counts, longestTasks, heapGrowths }, name) {
  const time = summary(rounds.map((round) => round[name]))
  const { transactions, requests, durability, liveHeapGrowth } = counts[name]
  const longest = longestTasks[name] > 0 ? Math.round(longestTasks[name]) : 'under 50'
  const cells = [name, digits(time.median), spread(time), transactions, requests, durability.join(', '), longest]
  const heap = heapGrowths ? [liveHeapGrowth, heapGrowths[name]] : []
  return row([...cells, ...heap.map((bytes) => Math.round(bytes / 2 ** 20))])
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
