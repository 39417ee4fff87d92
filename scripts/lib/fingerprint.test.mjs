import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fingerprint, unlessUnchanged } from './fingerprint.mjs'

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fingerprint-'))
  writeFileSync(join(folder, 'a.ts'), 'one')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a fingerprint follows contents, names and the extra text', () => {
  const before = fingerprint([folder])
  expect(fingerprint([folder])).toBe(before)
  expect(fingerprint([folder], 'extra')).not.toBe(before)
  renameSync(join(folder, 'a.ts'), join(folder, 'b.ts'))
  expect(fingerprint([folder])).not.toBe(before)
  renameSync(join(folder, 'b.ts'), join(folder, 'a.ts'))
  writeFileSync(join(folder, 'a.ts'), 'two')
  expect(fingerprint([folder])).not.toBe(before)
})

test('what tools make does not count', () => {
  const before = fingerprint([folder])
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/a.js'), 'made')
  expect(fingerprint([folder])).toBe(before)
})

test('work is done once for a fingerprint', async () => {
  const work = vi.fn(async () => true)
  const stamp = join(folder, 'stamps/a')
  expect(await unlessUnchanged(stamp, 'x', work)).toBe(true)
  expect(await unlessUnchanged(stamp, 'x', work)).toBe(true)
  expect(work).toHaveBeenCalledTimes(1)
  await unlessUnchanged(stamp, 'y', work)
  expect(work).toHaveBeenCalledTimes(2)
})

test('work that failed is done again', async () => {
  const work = vi.fn(async () => false)
  const stamp = join(folder, 'stamps/a')
  expect(await unlessUnchanged(stamp, 'x', work)).toBe(false)
  expect(await unlessUnchanged(stamp, 'x', work)).toBe(false)
  expect(work).toHaveBeenCalledTimes(2)
})
