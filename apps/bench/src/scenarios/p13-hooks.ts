import { flushSync } from 'react-dom'
import { type Holder, type HolderKind, holders, setterHolders, storageAlone } from '../hooks/holders'
import { keys } from '../hooks/react-page'
import type { Contender, Runs, Scenario } from '../types'
import { expectEqual } from './contend'

const INITIAL = 1

/** The first drawing of the page, effects included; the values are not there yet where they are read first, as here by `us`. */
export const p13: Scenario = {
  id: 'P13',
  title: 'mount 10,000 hooks on 10,000 keys',
  contenders: contend(holders, (open) => {
    let holder: Holder
    return {
      prepare: async () => (holder = await open(INITIAL)),
      run: async () => holder.page.mount(),
      async verify() {
        await holder.page.shows(INITIAL)
        await close(holder)
      },
    }
  }),
  goals: [
    { text: 'us / bare', over: ['us'], under: ['bare'], atMost: 3 },
    { text: 'us / useQuery', over: ['us'], under: ['useQuery'], atMost: 1 },
  ],
}

/** Until the last of the values that were stored is on the screen. */
export const p13Values: Scenario = {
  id: 'P13 values',
  title: 'mount 10,000 hooks, until the stored values are shown',
  contenders: contend(holders, (open) => {
    let holder: Holder
    return {
      prepare: async () => (holder = await open(INITIAL)),
      async run() {
        holder.page.mount()
        await holder.page.shows(INITIAL)
      },
      verify: () => close(holder),
    }
  }),
  goals: [
    { text: 'us, which reads them / useQuery, which has them', over: ['us'], under: ['useQuery'] },
    { text: 'us / bare, which has them', over: ['us'], under: ['bare'] },
  ],
}

/** That exactly one component is drawn is checked in every round: the run fails otherwise. */
export const p13One: Scenario = {
  id: 'P13 one',
  title: 'update 1 of 10,000 hooks',
  contenders: updating(holders, keys.slice(-1)),
  goals: [{ text: 'us / useQuery', over: ['us'], under: ['useQuery'] }],
}

/** From outside, as an import does it: nothing is shown before it is saved, so that the time of the storage is in it. */
export const p13All: Scenario = {
  id: 'P13 all',
  title: 'update all of 10,000 hooks, from outside of the components',
  contenders: updating([...holders, storageAlone], keys),
  goals: [
    { text: 'us / bare', over: ['us'], under: ['bare'], atMost: 2 },
    { text: 'us / useQuery', over: ['us'], under: ['useQuery'], atMost: 1 },
    { text: 'storage alone / bare', over: ['storage alone'], under: ['bare'] },
  ],
}

/** From inside, as in an event: 10,000 setters are called, and what they set is shown before it is saved. */
export const p13Setters: Scenario = {
  id: 'P13 setters',
  title: 'update all of 10,000 hooks, each by its own setter',
  contenders: updating(setterHolders, keys, changeInEvent),
  goals: [
    { text: 'us, until shown / bare', over: ['us, until shown'], under: ['bare'], atMost: 2 },
    { text: 'us, until shown / bare, a promise each', over: ['us, until shown'], under: ['bare, a promise each'] },
    { text: 'us, until saved / bare', over: ['us, until saved'], under: ['bare'] },
    { text: 'bare, a promise each / bare', over: ['bare, a promise each'], under: ['bare'] },
  ],
}

async function change(holder: Holder, changed: readonly string[], value: number): Promise<void> {
  await holder.change(changed, value)
  await holder.page.shows(value)
}

/** React draws at the end of an event. What is shown by then does not wait for a promise, behind which the saving would come. */
function changeInEvent(holder: Holder, changed: readonly string[], value: number): unknown {
  const changing = flushSync(() => holder.change(changed, value))
  return changing ?? (holder.page.isShown(value) ? undefined : holder.page.shows(value))
}

function updating(
  kinds: readonly HolderKind[],
  changed: readonly string[],
  run: typeof changeInEvent = change,
): Contender[] {
  return contend(kinds, (open) => {
    let value = INITIAL
    let holder: Holder | undefined
    return {
      // Mounted once: every round changes the values again.
      async prepare() {
        holder ??= await mounted(open)
        value += 1
        holder.page.takeRenders()
      },
      run: () => holder && run(holder, changed, value),
      async verify() {
        await holder?.saved?.()
        expectEqual(holder?.page.takeRenders(), changed.length)
      },
    }
  })
}

async function mounted(open: HolderKind['open']): Promise<Holder> {
  const holder = await open(INITIAL)
  holder.page.mount()
  await holder.page.shows(INITIAL)
  return holder
}

async function close({ page, close }: Holder): Promise<void> {
  page.unmount()
  await close()
}

function contend(kinds: readonly HolderKind[], work: (open: HolderKind['open']) => Runs): Contender[] {
  return kinds.map(({ name, open }) => ({ name, open: async () => work(open) }))
}
