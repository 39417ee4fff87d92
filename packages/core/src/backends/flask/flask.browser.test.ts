import { beforeEach, describe, vi } from 'vitest'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { type FlaskServer, hasPython, useFlask } from './testing/flask-server'

vi.setConfig({ testTimeout: 60_000 })

// Without Python there is no server; serve-flask.mjs says so, and fails where CI is true.
describe.skipIf(!hasPython)('with the real server', () => {
  let server: FlaskServer
  beforeEach(() => {
    server = useFlask()
  })

  testBackend('flask', (name) => createUnifiedStorage({ name, flaskUrl: server.url }), {
    valueBytes: 4 * 1024 * 1024 - 64 * 1024,
    async failReads() {
      await server.setFault({ kind: 'answer', status: 500, path: '/(read|snapshot|index)' })
      return () => server.setFault(null)
    },
  })
})
