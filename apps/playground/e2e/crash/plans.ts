import { type FaultKind, isEnd } from '../fixtures/crash/faults.ts'
import type { Plan, Verdict } from '../fixtures/crash/injection.ts'
import { isShared, type Story } from '../fixtures/crash/stories.ts'
import { type Random, seededRandom } from '../support/seeded-random.ts'

export type Pair = [from: string, to: string]
/**
 * How often steps were tried on one pair, and what was found. `missed`: the switch was over before the step came, because it is
 * never twice the same while others write.
 */
export type Tally = {
  story: Story
  from: string
  to: string
  kind: FaultKind
  writers: number
  injections: number
  missed: number
  broken: string[]
}
/**
 * Each n-th of all faults at all steps. `everyOfFirst`: of `crashes` during a first switch, without Spark KV; of the rest,
 * `everyEnd`: where the browser is killed or the tab closed; `everyOfLong`: where others write or there are many keys.
 */
export type Often = { every: number; everyOfLong: number; everyOfFirst: number; everyEnd: number }
/** Each n-th from `offset` on, or a sample of so many by a seed. */
export type Choice = (Often & { offset: number }) | { sample: number; seed: number }

export const faults = ['throw', 'lost', 'dead', 'closed', 'cancel'] as const
const crashes: readonly FaultKind[] = ['throw', 'closed', 'killed']
const shares = [0, 3] as const
const initialKeys = 12

/** Runs without a crash, to count the steps; all that there are of a pair, or a sample. */
export function dryRuns([from, to]: Pair, choice: Choice): Plan[] {
  const runs = storiesOf([from, to]).flatMap((story) =>
    sharesOf(story).map((writers): Plan => ({ story, from, to, kind: 'throw', writers, at: 0 })),
  )
  return 'sample' in choice ? sampleOf(runs, choice.sample, seededRandom(choice.seed)) : runs
}

function storiesOf([from, to]: Pair): Story[] {
  return [
    'first',
    'second',
    'undo',
    ...(isOnSpark({ from, to }) ? [] : (['many'] as const)),
    ...(isShared(to) ? (['keep-target'] as const) : []),
  ]
}

function sharesOf(story: Story): readonly Plan['writers'][] {
  return story === 'many' || story === 'keep-target' ? [0] : shares
}

/** Faults at the chosen steps of those that the dry runs had; and lies, which have steps of their own. */
export function plansFor(
  counted: Verdict[],
  faults: readonly FaultKind[],
  choice: Choice,
  lies: readonly Plan[] = [],
): Plan[] {
  const all = counted.flatMap(({ plan, steps }) => faults.flatMap((kind) => stepsOf({ ...plan, kind }, steps)))
  if ('sample' in choice) return sampleOf([...all, ...lies], choice.sample, seededRandom(choice.seed))
  const isChosen = (index: number, nth: number): boolean => index % nth === choice.offset % nth
  return [...all.filter((plan, index) => isChosen(index, nthFor(plan, choice))), ...lies]
}

function nthFor({ story, writers, kind, ...pair }: Plan, often: Often): number {
  if (story === 'first' && !isOnSpark(pair) && crashes.includes(kind)) return often.everyOfFirst
  if (isEnd(kind)) return often.everyEnd
  return writers > 0 || story === 'many' ? often.everyOfLong : often.every
}

/** It takes a request or more for each key. */
function isOnSpark({ from, to }: Pick<Plan, 'from' | 'to'>): boolean {
  return from === 'sparkkv' || to === 'sparkkv'
}

function stepsOf(plan: Plan, steps: number): Plan[] {
  return Array.from({ length: steps }, (_, index) => ({ ...plan, at: index + 1 }))
}

/** About each value that is copied, where the place is a database here; a writer would believe the lie. */
export function liesIn([from, to]: Pair): Plan[] {
  if (to !== 'indexeddb' && to !== 'sqlite') return []
  return stepsOf({ story: 'first', from, to, kind: 'lie', writers: 0, at: 0 }, to === 'sqlite' ? 1 : initialKeys)
}

export function tallyOf(verdicts: Verdict[]): Tally[] {
  const tallies = new Map<string, Tally>()
  for (const { plan, isHit, where, ended, problems } of verdicts) {
    const { at, ...what } = plan
    const key = JSON.stringify(what)
    const tally = tallies.get(key) ?? { ...what, injections: 0, missed: 0, broken: [] }
    tallies.set(key, tally)
    if (isHit) tally.injections += 1
    else tally.missed += 1
    if (problems.length > 0) tally.broken.push(`${key} at step ${at} (${where}; ${ended}): ${problems.join('; ')}`)
  }
  return [...tallies.values()]
}

function sampleOf<Item>(items: Item[], count: number, random: Random): Item[] {
  const left = [...items]
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(random(left.length), 1)[0]!)
}
