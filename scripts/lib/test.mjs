import { summaryLine, sumOf } from './counts.mjs'
import { failureText } from './failures.mjs'
import { steps } from './steps.mjs'

/** Runs the named steps, or all of them, each to its end whatever the others say. */
export async function runTests(names) {
  const results = []
  for (const step of chosenSteps(names)) {
    console.log(`\n=== ${step.name} ===`)
    results.push({ name: step.name, ...(await outcomeOf(step)) })
  }
  const failed = results.filter((result) => result.failed > 0)
  for (const { name, failures } of failed) console.log(['', ...failureText(name, failures)].join('\n'))
  console.log(failed.length > 0 ? `\nFailed: ${failed.map(({ name }) => name).join(', ')}` : '')
  console.log(summaryLine(sumOf(results)))
  return failed.length === 0
}

// A step that breaks counts as failed, so that the last line is always there.
async function outcomeOf(step) {
  try {
    return await step.run()
  } catch (error) {
    console.error(error.message)
    return { passed: 0, failed: 1, skipped: 0, failures: [{ test: 'broke', message: error.message }] }
  }
}

function chosenSteps(names) {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    throw new Error(`Unknown: ${unknown.join(', ')}. There are: ${steps.map((step) => step.name).join(', ')}.`)
  }
  return names.length > 0 ? steps.filter((step) => names.includes(step.name)) : steps
}
