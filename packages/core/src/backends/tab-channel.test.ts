import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ChangeEvent } from '../types'
import { createTabChannel, type TabChannel } from './tab-channel'

const FROM_TAB = { type: 'set', key: 'a', origin: 'tab' } as const
const RELOAD = { type: 'reload', origin: 'tab' } as const
const channels = new Set<HeldChannel>()

/** A BroadcastChannel in the hands of the test: `isHeld` is a tab that is busy or frozen, and hears later. */
class HeldChannel {
  static isHeld = false
  onmessage: ((event: { data: unknown }) => void) | undefined
  isHeld = HeldChannel.isHeld
  readonly waiting: unknown[] = []

  constructor() {
    channels.add(this)
  }

  postMessage(data: unknown): void {
    posted.push(data)
    for (const channel of channels) if (channel !== this) channel.waiting.push(data)
    deliver()
  }

  close(): void {
    channels.delete(this)
  }
}

let posted: unknown[]

beforeEach(() => {
  posted = []
  vi.stubGlobal('BroadcastChannel', HeldChannel)
  vi.useFakeTimers({ now: 0, toFake: ['Date'] })
})
afterEach(() => {
  channels.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('[O6] one who is alone tells nobody, once somebody would have answered', () => {
  const { channel } = open()
  commit(channel)
  expect(posted).toHaveLength(2)
  vi.setSystemTime(1_000)
  commit(channel)
  expect(posted).toHaveLength(2)
})

test('[O6] the one who was there and the newcomer hear of each other, whatever the time', () => {
  const [older, newer] = [open(), open()]
  vi.setSystemTime(10_000)
  commit(older.channel)
  expect(newer.heard).toEqual([FROM_TAB])
  commit(newer.channel)
  expect(older.heard).toEqual([FROM_TAB])
})

test('[O6] commits from before the newcomer opened are no news', () => {
  const older = open()
  vi.setSystemTime(5_000)
  commit(older.channel)
  vi.setSystemTime(5_001)
  const newer = open()
  expect(newer.heard).toEqual([])
})

test('[O6] a commit between the opening of a newcomer and its hello makes the newcomer read again', () => {
  const older = open({ isHeld: true })
  vi.setSystemTime(5_000)
  const newer = open()
  vi.setSystemTime(5_003)
  commit(older.channel)
  expect(newer.heard).toEqual([])
  release()
  expect(newer.heard).toEqual([RELOAD])
  commit(older.channel)
  expect(newer.heard).toEqual([RELOAD, FROM_TAB])
})

test('[O6] a newcomer that was answered late makes the late one read again', () => {
  const frozen = open({ isHeld: true })
  vi.setSystemTime(5_000)
  const newer = open()
  vi.setSystemTime(60_000)
  commit(newer.channel)
  expect(frozen.heard).toEqual([])
  release()
  expect(frozen.heard).toEqual([RELOAD])
})

test('[O6] what a newcomer commits before it is answered is heard', () => {
  const busy = open({ isHeld: true })
  const newer = open()
  commit(newer.channel)
  release()
  expect(busy.heard).toEqual([FROM_TAB])
})

function open({ isHeld = false } = {}): { channel: TabChannel; heard: ChangeEvent[] } {
  HeldChannel.isHeld = isHeld
  const channel = createTabChannel('name')
  const heard: ChangeEvent[] = []
  channel.subscribe((events) => heard.push(...events))
  return { channel, heard }
}

function commit(channel: TabChannel): void {
  channel.publish([{ type: 'set', key: 'a', origin: 'local' }])
}

/** Everybody hears what was said meanwhile. */
function release(): void {
  for (const channel of channels) channel.isHeld = false
  deliver()
}

function deliver(): void {
  for (const channel of channels) {
    while (!channel.isHeld && channel.waiting.length > 0) channel.onmessage?.({ data: channel.waiting.shift() })
  }
}
