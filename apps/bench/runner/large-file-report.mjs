const MB = 1_000_000

/** A run takes the place of the earlier one of the same size on the same backend. */
export function replaceRun(runs, run) {
  const others = runs.filter((known) => idOf(known) !== idOf(run))
  return [...others, run].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}

function idOf({ backend, keys, bytes }) {
  return `${backend} ${keys} ${bytes}`
}

/** One Markdown document. */
export function describeLargeFiles(runs) {
  return [
    '# Large files',
    '',
    'Written by `node apps/bench/runner/large-file.mjs`: everything is exported to a file, looked at in a dry run that replaces all',
    'by the same, removed, imported, and taken back. The heap is at its fullest, garbage included; the goal is under 200 MB for an',
    'export and an import of 1 GB on IndexedDB. A long task is one of 50 ms or more.',
    '',
    ...runs.flatMap(describeRun),
  ].join('\n')
}

function describeRun({ backend, keys, bytes, machine, steps }) {
  const { date, chromium, engine, cores, memory, load, note } = machine
  const size = `${keys.toLocaleString('en')} keys of ${bytes.toLocaleString('en')} bytes`
  const facts = [
    `${date}, Chromium ${chromium}, IndexedDB on ${engine}, ${cores} cores, ${memory}`,
    `load average ${load[0]} before and ${load[1]} after`,
    ...(note ? [`note: ${note}`] : []),
  ]
  return [
    `## ${backend}: ${size}`,
    '',
    `${facts.join('; ')}.`,
    '',
    '| step | seconds | heap, MB | longest task, ms | long tasks | result |',
    '|---|---|---|---|---|---|',
    ...steps.map(stepRow),
    '',
  ]
}

function stepRow({ step, seconds, heapBytes, longestTask, longTasks, result }) {
  const longest = longestTask > 0 ? Math.round(longestTask) : 'under 50'
  const cells = [step, seconds.toFixed(1), Math.round(heapBytes / MB), longest, longTasks, result ?? '']
  return `| ${cells.join(' | ')} |`
}
