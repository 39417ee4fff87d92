import { expect, it } from 'vitest'
import { exportFileName } from './download-file'

it('names the file by the date where the user is', () => {
  expect(exportFileName(new Date(2026, 0, 31, 23, 59))).toBe('unified-storage-2026-01-31.jsonl')
})
