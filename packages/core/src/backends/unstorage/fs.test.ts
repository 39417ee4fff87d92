import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import filesDriver from 'unstorage/drivers/fs-lite'
import { afterAll, vi } from 'vitest'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { unstorageBackend } from './index'

// Files, or hundreds of crashes, on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'unified-storage-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

testBackend(
  'unstorage: fs-lite',
  (name) => {
    const files = unstorageBackend(filesDriver({ base: join(folder, 'data') }), { name: 'files' })
    return createUnifiedStorage({ name, prefer: 'files', backends: { files } })
  },
  { randomValues: 1000 },
)
