import { join } from 'node:path'
import { expect, test } from 'vitest'
import { failuresOf, failuresOfPytest, failureText } from './failures.mjs'
import { root } from './paths.mjs'

const passed = { status: 'passed', fullName: ' works', failureMessages: [] }
const failed = { status: 'failed', fullName: ' group breaks', failureMessages: ['Error: no\n    at here'] }

function report(result) {
  return { testResults: [{ name: join(root, 'packages/a.test.ts'), message: '', ...result }] }
}

test('a failed test of Vitest is named with its file and message', () => {
  expect(failuresOf(report({ status: 'failed', assertionResults: [passed, failed] }))).toEqual([
    { file: join('packages', 'a.test.ts'), test: 'group breaks', message: 'Error: no\n    at here' },
  ])
})

test('so is a file that failed outside its tests', () => {
  const message = 'Cannot find module'
  for (const assertionResults of [[], [passed]])
    expect(failuresOf(report({ status: 'failed', message, assertionResults }))).toEqual([
      { file: join('packages', 'a.test.ts'), test: 'outside its tests', message },
    ])
})

test('nothing is named where nothing failed, or nothing was written down', () => {
  expect(failuresOf(report({ status: 'passed', assertionResults: [passed] }))).toEqual([])
  expect(failuresOf(undefined)).toEqual([])
  expect(failuresOfPytest(undefined)).toEqual([])
})

test('failures and errors of pytest are named, and their XML undone', () => {
  const xml = `<testsuites><testsuite name="pytest" errors="1" failures="1" tests="4">
    <testcase classname="tests.test_a" name="test_good" time="0.1" />
    <testcase classname="tests.test_a" name="test_skipped" time="0.1"><skipped message="why" /></testcase>
    <testcase classname="tests.test_a" name="test_bad[&lt;&amp;lt;&gt;]" time="0.1"><failure message="assert &quot;a&quot; &gt; 1&#10;second &#233;">def</failure></testcase>
    <testcase classname="tests.test_b" name="test_worse" time="0.1"><error message="failed on setup">def</error></testcase>
  </testsuite></testsuites>`
  expect(failuresOfPytest(xml)).toEqual([
    { file: 'tests.test_a', test: 'test_bad[<&lt;>]', message: 'assert "a" > 1\nsecond é' },
    { file: 'tests.test_b', test: 'test_worse', message: 'failed on setup' },
  ])
})

test('of a message the first lines are shown, without colours, without end and without the stack of others', () => {
  const message = `\u001b[31mone\u001b[39m\n\n  two\n  at file:///node_modules/vitest/a.js:1:2\n${'x'.repeat(400)}\n4\n5\n6`
  expect(failureText('unit', [{ file: 'a.ts', test: 'breaks', message }])).toEqual([
    `unit: a.ts: breaks\n    one\n    two\n    ${'x'.repeat(300)}\n    4\n    5`,
  ])
  expect(failureText('backend', [{ test: 'mypy' }])).toEqual(['backend: mypy'])
  expect(failureText('lint')).toEqual([])
})
