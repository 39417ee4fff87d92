import { describe, expect, it } from 'vitest'
import { spaceOf } from './use-storage-usage'

describe('spaceOf', () => {
  it.each([
    [79.9, 'normal'],
    [80, 'warning'],
    [94.9, 'warning'],
    [95, 'danger'],
    [120, 'danger'],
  ])('of 100 bytes, %d used is %s', (usage, level) => {
    expect(spaceOf({ usage, quota: 100 })).toMatchObject({ kind: 'limited', level })
  })

  it('never takes what is not known for zero', () => {
    expect(spaceOf({})).toEqual({ kind: 'unknown' })
    expect(spaceOf({ quota: 100 })).toEqual({ kind: 'unknown' })
    expect(spaceOf({ usage: 5 })).toEqual({ kind: 'unlimited', used: 5 })
    expect(spaceOf({ usage: 5, quota: 0 })).toEqual({ kind: 'unlimited', used: 5 })
  })
})
