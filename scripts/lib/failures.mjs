import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root } from './paths.mjs'

const messageLines = 5
const longestLine = 300

/** The failed tests of one Vitest run, and the files that failed outside their tests. */
export function failuresOf(report) {
  return (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name)
    const failed = assertionResults.filter((result) => result.status === 'failed')
    if (failed.length === 0 && status === 'failed') return [{ file, test: 'outside its tests', message }]
    return failed.map(({ fullName, failureMessages }) => ({
      file,
      test: fullName.trim(),
      message: failureMessages.join('\n'),
    }))
  })
}

/** The failed tests of one pytest run, from its JUnit report. */
export function failuresOfPytest(report = '') {
  const found = report.matchAll(/<testcase ([^>]*)>\s*<(?:failure|error) ([^>]*)>/g)
  return [...found].map(([, test, problem]) => ({
    file: attribute(test, 'classname'),
    test: attribute(test, 'name'),
    message: attribute(problem, 'message'),
  }))
}

/** What `npm test` says of a step's failures at its end, where a log that was cut still has it. */
export function failureText(step, failures = []) {
  return failures.map(({ file, test, message }) =>
    [`${step}: ${[file, test].filter(Boolean).join(': ')}`, ...firstLines(message)].join('\n    '),
  )
}

function firstLines(message = '') {
  const lines = stripVTControlCharacters(message).split('\n')
  const telling = lines.map((line) => line.trim()).filter((line) => line && !/^at .*node_modules/.test(line))
  return telling.slice(0, messageLines).map((line) => line.slice(0, longestLine))
}

function attribute(text, name) {
  return unescaped(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(text)?.[1] ?? '')
}

const characters = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function unescaped(text) {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code, name) =>
    code ? String.fromCodePoint(Number(code)) : (characters[name] ?? whole),
  )
}
