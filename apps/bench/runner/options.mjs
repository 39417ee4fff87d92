import { parseArgs } from 'node:util'

export const usage = `npm run bench -- [--only P1,P3] [--rounds 7] [--features IdbSqliteBackingStore] [--note "why"] [--dry]
  --dry   prints, and writes no results`

/** What the command line asks for. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '7' },
      features: { type: 'string' },
      note: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds must be a whole number from 1.\n${usage}`)
  return { ...values, rounds, only: values.only?.split(',').map((id) => id.trim().toLowerCase()) }
}

/** "P6" asks for "P6 pages" too. */
export function isWanted({ only }, id) {
  return !only || only.includes(id.toLowerCase()) || only.includes(id.split(' ')[0].toLowerCase())
}
