import { beforeEach, describe, expect, test, vi } from 'vitest'
import { isReady, record, shown, twoTabs, untilSettled, useNumber } from './hooks.test.helpers'

const tabs = twoTabs()
const MINUTE = 60_000

const recordNumber = (reactStrictMode = false) => record(() => useNumber(), { wrapper: tabs.wrapper, reactStrictMode })

/** Mounts a component on a stored 5, and takes it away. */
async function comeAndGo() {
  const read = vi.spyOn(tabs.here, 'get')
  const view = recordNumber()
  await view.until(isReady)
  view.unmount()
  return read
}

describe('[H6] coming back to a key', () => {
  beforeEach(async () => {
    await tabs.here.set('n', 5)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })

  test('[H6] after a minute its value is there at once, without a read', async () => {
    const read = await comeAndGo()
    vi.advanceTimersByTime(MINUTE)
    const view = recordNumber()
    await untilSettled(view)
    expect(shown(view)).toEqual([5])
    expect(read).toHaveBeenCalledTimes(1)
  })

  test('[H6] within that time it stays live: what another tab wrote is there at once', async () => {
    const read = await comeAndGo()
    vi.advanceTimersByTime(MINUTE)
    const heard = new Promise((resolve) => tabs.here.watch('n', resolve))
    await tabs.there.set('n', 6)
    await heard
    const view = recordNumber()
    expect(shown(view)).toEqual([6])
    expect(read).toHaveBeenCalledTimes(1)
  })

  test('[H6] after 6 minutes it is read again, once, and nothing old is shown', async () => {
    const read = await comeAndGo()
    vi.advanceTimersByTime(6 * MINUTE)
    await tabs.there.set('n', 6)
    const view = recordNumber()
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 6])
    expect(read).toHaveBeenCalledTimes(2)
  })

  test('[H6] a component that came back is live for as long as it stays', async () => {
    const read = await comeAndGo()
    vi.advanceTimersByTime(MINUTE)
    const view = recordNumber()
    vi.advanceTimersByTime(6 * MINUTE)
    await tabs.there.set('n', 6)
    await view.until(([value]) => value === 6)
    expect(shown(view)).toEqual([5, 6])
    expect(read).toHaveBeenCalledTimes(1)
  })

  test('[H6] one that leaves does not put the others to sleep', async () => {
    const stays = recordNumber()
    await comeAndGo()
    vi.advanceTimersByTime(6 * MINUTE)
    await tabs.there.set('n', 6)
    await stays.until(([value]) => value === 6)
    expect(shown(stays)).toEqual([0, 5, 6])
  })
})

describe('[H7] StrictMode', () => {
  test('[H7] its second mount reads nothing again, and both are live', async () => {
    const read = vi.spyOn(tabs.here, 'get')
    const watch = vi.spyOn(tabs.here, 'watch')
    const view = recordNumber(true)
    await untilSettled(view)
    expect(read).toHaveBeenCalledTimes(1)
    expect(watch).toHaveBeenCalledTimes(1)
    await tabs.there.set('n', 6)
    await view.until(([value]) => value === 6)
    await view.current[1]((n) => n + 1)
    await untilSettled(view)
    expect(shown(view)).toEqual([0, 6, 7])
    expect(await tabs.there.get('n')).toBe(7)
  })
})
