import { expect, test } from 'vitest'
import type { StorageAdapter } from '../adapter'
import { memoryBackend } from '../backends/memory'
import { SharedTarget } from './shared-target'
import { openUndoStore, takeBack } from './shared-undo'

const openMemory = (): Promise<StorageAdapter> => memoryBackend({ name: crypto.randomUUID(), durability: 'relaxed' })

test('[S3] a key that was copied before is taken back, though its next copy was cut off', async () => {
  const [target, source] = await Promise.all([openMemory(), openMemory()])
  const undo = await openUndoStore(crypto.randomUUID(), 1)
  let isDead = false
  const cutOff: StorageAdapter = {
    ...target,
    transact: (mode, ...rest) => {
      if (isDead && mode === 'readwrite') throw new Error('cut off by the test')
      return target.transact(mode, ...rest)
    },
  }
  const shared = await SharedTarget.open({ adapter: cutOff, undo, source })
  await shared.write([['key', 1]], [])
  isDead = true
  await expect(shared.write([['key', 2]], [])).rejects.toThrow('cut off')
  await takeBack(target, undo)
  expect(await target.keys('')).toEqual([])
  await Promise.all([target, source, undo].map((adapter) => adapter.close()))
})

test('[S5] what another device writes while a key is copied is a conflict, and not overwritten', async () => {
  const [target, source] = await Promise.all([openMemory(), openMemory()])
  const undo = await openUndoStore(crypto.randomUUID(), 1)
  const theirs = { type: 'set', key: 'key', value: 'theirs', bytes: 6, isJson: true } as const
  let isFirst = true
  const raced: StorageAdapter = {
    ...target,
    async transact(mode, ...rest) {
      if (mode === 'readwrite' && isFirst) {
        isFirst = false
        await target.transact('readwrite', [], () => [theirs])
      }
      return target.transact(mode, ...rest)
    },
  }
  const shared = await SharedTarget.open({ adapter: raced, undo, source })
  await expect(shared.write([['key', 'ours']], [])).rejects.toMatchObject({ code: 'CONFLICT', keys: ['key'] })
  await takeBack(target, undo)
  await target.transact('readonly', ['key'], (current) => {
    expect(current.get('key')).toBe('theirs')
    return []
  })
  await Promise.all([target, source, undo].map((adapter) => adapter.close()))
})

test('[S5] what another device wrote between two copies of the same value comes back', async () => {
  const [target, source] = await Promise.all([openMemory(), openMemory()])
  const undo = await openUndoStore(crypto.randomUUID(), 1)
  const theirs = { type: 'set', key: 'key', value: 'theirs', bytes: 6, isJson: true } as const
  const shared = await SharedTarget.open({ adapter: target, undo, source, onConflict: 'keep-source' })
  await shared.write(
    [
      ['key', 'ours'],
      ['other', 1],
    ],
    [],
  )
  await target.transact('readwrite', [], () => [theirs])
  await shared.write([['key', 'ours']], [])
  await takeBack(target, undo)
  expect(await target.keys('')).toEqual(['key'])
  await target.transact('readonly', ['key'], (current) => {
    expect(current.get('key')).toBe('theirs')
    return []
  })
  await Promise.all([target, source, undo].map((adapter) => adapter.close()))
})
