import { render, type RenderResult } from '@testing-library/react'
import { createUnifiedStorage, type UnifiedStorage } from '@unified-storage/core'
import type fc from 'fast-check'
import { type ReactElement, StrictMode } from 'react'
import { expect } from 'vitest'
import { nextTask } from '../hooks.test.helpers'
import { StorageProvider, type UnifiedStorageTuple, useUnifiedStorage } from '../index'
import { scheduledBackend, TOO_BIG, type Weather } from './backend.test.helpers'
import { allowedKind, defaultOf, type Key, KEYS, type Kind, type List, Model } from './model.test.helpers'

export type Action = { steps: number } & (
  | { type: 'mount'; slot: number; tab: number; key: Key; isStrict: boolean }
  | { type: 'unmount' | 'retry'; slot: number }
  | { type: 'change key'; slot: number; key: Key }
  | { type: 'write'; writes: readonly Asked[] }
  | { type: 'fail'; failures: number }
  | { type: 'wait' }
)

/** One of the writes of a tick: by the setters of a slot, or past them, to the storage that they use. */
export type Asked = { slot: number; kind: Kind; isTooBig: boolean; isByHook: boolean }

const REREAD_MS = 1_000
const MINUTE = 60 * 1_000
const KEEP_ALIVE_MS = 5 * MINUTE

/** A place on the page for a component; its setters stay in hand when it is gone. */
type Slot = {
  tab: number
  key: Key
  isStrict: boolean
  page: RenderResult | undefined
  isGone: boolean
  latest: UnifiedStorageTuple<List>
}

/** Two tabs of one app, with components that come, go and write; everything they show is held against the model. */
export class TwoTabs {
  readonly model: Model = new Model()
  readonly #scheduler: fc.Scheduler
  readonly #weather: Weather = { failures: 0 }
  readonly #storages: readonly UnifiedStorage[]
  readonly #slots = new Map<number, Slot>()
  readonly #passTime: (milliseconds: number) => void
  #judgements: (() => void)[] = []
  /** How many are subscribed to the storages. */
  #subscriptions = 0

  constructor(scheduler: fc.Scheduler, passTime: (milliseconds: number) => void) {
    const backends = { slow: scheduledBackend(scheduler, this.#weather) }
    const name = crypto.randomUUID()
    this.#scheduler = scheduler
    this.#passTime = passTime
    this.#storages = [0, 1].map(() => this.#counted(createUnifiedStorage({ name, prefer: 'slow', backends })))
  }

  async open(): Promise<void> {
    await Promise.all(this.#storages.map((storage) => storage.getBackend()))
  }

  async do(action: Action): Promise<void> {
    if (action.type === 'wait') await this.#waitLong()
    else this.#perform(action)
    await this.#nextTask()
    for (let step = 0; step < action.steps && this.#scheduler.count() > 0; step++) await this.#step()
  }

  /** Lets everything come to rest, and compares what is stored and shown with what was promised. */
  async finish(): Promise<void> {
    this.#weather.failures = 0
    await this.#settle()
    for (const slot of this.#slots.values()) slot.latest[3].retry()
    // A change of another tab whose value could not be read is read again a moment later.
    this.#passTime(REREAD_MS)
    await this.#settle()
    for (const storage of this.#storages) {
      const reading = storage.getMany(KEYS)
      await this.#settle()
      const stored = await reading
      this.model.checkStored(stored)
      for (const { page, key, latest } of this.#slots.values()) {
        if (page) expect(latest[0], `"${key}" is shown as it is stored`).toEqual(stored.get(key) ?? defaultOf(key))
      }
    }
  }

  /** Takes everything off the page; a while later nobody listens any more. */
  async leave(): Promise<void> {
    for (const slot of this.#slots.values()) unmount(slot)
    await this.#settle()
    // A minute at a time, as it is counted.
    for (let minute = 0; minute < 7; minute++) this.#passTime(MINUTE)
    expect(this.#subscriptions, 'nobody listens who is gone').toBe(0)
  }

  async close(): Promise<void> {
    for (const { page } of this.#slots.values()) page?.unmount()
    await this.#settle()
    await Promise.all(this.#storages.map((storage) => storage.close()))
  }

  /**
   * Long enough for values to go to sleep that nobody shows, and so for every answer to arrive. A setter kept for longer than
   * that saves as always, but what it saves is shown only then: it is not held to the same frame, and given up here.
   */
  async #waitLong(): Promise<void> {
    await this.#settle()
    for (const [place, { page }] of this.#slots) if (!page) this.#slots.delete(place)
    this.#passTime(KEEP_ALIVE_MS)
  }

  async #settle(): Promise<void> {
    await this.#nextTask()
    while (this.#scheduler.count() > 0) await this.#step()
  }

  async #step(): Promise<void> {
    await this.#scheduler.waitNext(1)
    await this.#nextTask()
  }

  /** Lets React and promises do what they can, and judges what was drawn meanwhile. */
  async #nextTask(): Promise<void> {
    await nextTask()
    for (const judge of this.#judgements.splice(0)) judge()
  }

  #perform(action: Exclude<Action, { type: 'wait' }>): void {
    switch (action.type) {
      case 'mount':
        return this.#mount(action)
      case 'fail':
        return void (this.#weather.failures = action.failures)
      case 'write':
        return action.writes.forEach((asked) => this.#write(asked))
      case 'unmount':
      case 'retry':
      case 'change key': {
        const slot = this.#slotAt(action.slot)
        if (slot) this.#performIn(slot, action)
      }
    }
  }

  /** Of those that there are: nothing is asked of an empty place. */
  #slotAt(place: number): Slot | undefined {
    return [...this.#slots.values()][place % this.#slots.size]
  }

  #performIn(slot: Slot, action: Action): void {
    if (action.type === 'unmount') unmount(slot)
    else if (action.type === 'retry') slot.latest[3].retry()
    else if (action.type === 'change key' && slot.page) {
      slot.key = action.key
      slot.page.rerender(this.#element(slot))
    }
  }

  #mount({ slot: place, tab, key, isStrict }: Action & { type: 'mount' }): void {
    const before = this.#slots.get(place)
    if (before) unmount(before)
    const slot: Slot = { tab, key, isStrict, page: undefined, isGone: false, latest: undefined as never }
    this.#slots.set(place, slot)
    slot.page = render(this.#element(slot))
  }

  #element(slot: Slot): ReactElement {
    const show = (key: Key, latest: UnifiedStorageTuple<List>): void => {
      expect(slot.isGone, 'nothing is drawn of what is gone').toBe(false)
      slot.latest = latest
      this.#judgements.push(this.model.judge({ key, tab: slot.tab, value: latest[0], phase: latest[3].phase }))
    }
    const tree = (
      <StorageProvider storage={this.#storages[slot.tab]}>
        <Show storageKey={slot.key} onRender={show} />
      </StorageProvider>
    )
    return slot.isStrict ? <StrictMode>{tree}</StrictMode> : tree
  }

  /** The setters may be those of a component that is gone. */
  #write({ slot: place, kind: wanted, isTooBig, isByHook }: Asked): void {
    const slot = this.#slotAt(place)
    const kind = slot && allowedKind(slot.key, slot.tab, wanted)
    if (!slot || !kind) return
    const { key, tab } = slot
    const suffix = `${isByHook ? '' : ' past the hooks'}${isTooBig ? ` ${TOO_BIG}` : ''}`
    const { set, update, remove } = isByHook ? settersOf(slot) : methodsOf(this.#storages[tab] as UnifiedStorage, key)
    this.model.note({ key, tab, kind, isByHook }, suffix, (id) => {
      if (kind === 'delete') return remove()
      return kind === 'set' ? set([id]) : update((list) => [...list, id])
    })
  }

  #counted(storage: UnifiedStorage): UnifiedStorage {
    const count = (stop: () => void): (() => void) => {
      this.#subscriptions += 1
      return () => {
        this.#subscriptions -= 1
        stop()
      }
    }
    return {
      ...storage,
      watch: (...args) => count(storage.watch(...args)),
      subscribe: (listener) => count(storage.subscribe(listener)),
      subscribeState: (listener) => count(storage.subscribeState(listener)),
      sync: { ...storage.sync, subscribe: (listener) => count(storage.sync.subscribe(listener)) },
    }
  }
}

type Writer = {
  set(list: List): Promise<unknown>
  update(updater: (list: List) => List): Promise<unknown>
  remove(): Promise<unknown>
}

function settersOf({ latest: [, setValue, deleteValue] }: Slot): Writer {
  return { set: setValue, update: setValue, remove: deleteValue }
}

function methodsOf(storage: UnifiedStorage, key: Key): Writer {
  return {
    set: (list) => storage.set(key, list),
    update: (updater) => storage.update<List>(key, (list = defaultOf(key)) => updater(list)),
    remove: () => storage.delete(key),
  }
}

function unmount(slot: Slot): void {
  slot.page?.unmount()
  slot.page = undefined
  slot.isGone = true
}

type ShowProps = { storageKey: Key; onRender: (key: Key, tuple: UnifiedStorageTuple<List>) => void }

function Show({ storageKey, onRender }: ShowProps): null {
  onRender(
    storageKey,
    useUnifiedStorage<List>(storageKey, () => defaultOf(storageKey)),
  )
  return null
}
