import { expect, test } from 'vitest'
import { nodeVersionProblem } from './node-version.mjs'

test.each(['v20.19.0', 'v20.20.2', 'v22.0.0', 'v24.1.0'])('%s will do', (version) => {
  expect(nodeVersionProblem(version)).toBeUndefined()
})

test.each(['v20.18.9', 'v18.20.0', 'v9.11.2'])('%s is too old, and one line says so', (version) => {
  const problem = nodeVersionProblem(version)
  expect(problem).toBe(`Unified Storage needs Node 20.19 or newer; this is Node ${version.slice(1)}.`)
  expect(problem.split('\n')).toHaveLength(1)
})
