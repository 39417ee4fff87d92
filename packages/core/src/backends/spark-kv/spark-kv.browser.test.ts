import { beforeEach } from 'vitest'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { useSparkSpace } from './testing/spark-space'

beforeEach(() => useSparkSpace())

testBackend('sparkkv', (name) => createUnifiedStorage({ name, prefer: 'sparkkv' }))
