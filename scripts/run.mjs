// The commands behind `npm start` and `npm test`. Everything up to and including the installation of the dependencies uses
// Node's built-in modules alone, so that a fresh clone needs Node and nothing else.
import { nodeVersionProblem } from './lib/node-version.mjs'

const problem = nodeVersionProblem(process.version)
if (problem) {
  console.error(problem)
  process.exit(1)
}

// Loaded only now, because an older Node could fail on the syntax in there before it reads the message above.
const { runCommand } = await import('./lib/commands.mjs')
await runCommand(process.argv[2], process.argv.slice(3))
