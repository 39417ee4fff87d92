import { appendFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { useFixture } from '../support/fixture.ts'
import type { KillableBrowser } from '../support/killable-browser.ts'
import { durableBackends } from './backends.ts'
import { type KillRun, runKills } from './kill-run.ts'

// `npm test` takes a sample; `npm run torture` asks for more and collects the numbers.
const kills = Number(process.env.KILLS ?? 5)
const seed = Number(process.env.KILL_SEED ?? 1)
const resultsFile = process.env.KILL_RESULTS
// Only the end of patience: two launches of the browser for each kill.
const timeout = 30_000 + kills * 20_000

// Windows has no process groups to kill at once.
describe.skipIf(process.platform === 'win32')('killing the browser right after an acknowledged write', () => {
  const fixtureUrl = useFixture('durability')

  test.each(durableBackends)(
    '[O2] %s loses nothing acknowledged, and tears nothing apart',
    { timeout },
    async (name) => {
      const run = await killed(name)
      expect(run).toEqual({ backend: name, kills, acknowledged: run.acknowledged, lost: [], torn: [] })
      expect(run.acknowledged).toBeGreaterThanOrEqual(kills)
    },
  )

  test(
    '[O2] localStorage does lose acknowledged writes, or the test above would prove nothing',
    { timeout },
    async () => {
      const run = await killed('localstorage')
      expect(run.lost).not.toEqual([])
    },
  )

  test('[O2] localStorage keeps them when the browser is closed and not killed, so it is the kill that loses them', async () => {
    const close = ({ context }: KillableBrowser) => void context.close()
    const run = await runKills(fixtureUrl(), { backend: 'localstorage', kills: 1, seed, large: false, end: close })
    expect(run.lost).toEqual([])
  })

  async function killed(backend: string): Promise<KillRun> {
    const run = await runKills(fixtureUrl(), { backend, kills, seed, large: backend !== 'localstorage' })
    if (resultsFile) appendFileSync(resultsFile, `${JSON.stringify(run)}\n`)
    return run
  }
})
