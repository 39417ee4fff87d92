import { describe, expect, test } from 'vitest'
import { toEncodedSets } from '../../switching/target'
import { toInsertion } from './writing'

const ROOM_FOR_THE_REST = 1024

describe('[O4] what is too large for one request is refused before it is sent', () => {
  test.each([
    ['control characters', '\u0000'],
    ['quotes', '"'],
    ['half a character', '\ud800'],
    ['three bytes a unit', '\u20ac'],
    ['letters', 'a'],
  ])('to the byte: %s', async (_name, unit) => {
    const writes = await toEncodedSets([[unit.repeat(5_000), 1]])
    const steps = writes.map(({ key, text }) => ({ op: 'put', key, value: text, base: 0 }))
    const bytes = new TextEncoder().encode(JSON.stringify(steps)).length + ROOM_FOR_THE_REST
    const tryWith = (transactionBytes: number) => () => toInsertion(writes, { ...limits, transactionBytes })
    expect(tryWith(bytes)().steps).toEqual(steps)
    expect(tryWith(bytes - 1)).toThrow(expect.objectContaining({ code: 'QUOTA_EXCEEDED' }))
  })
})

const limits = { valueBytes: 1_000_000, transactionWrites: 10, transactionBytes: 0, pageItems: 10, indexItems: 10 }
