import { testBackend } from '../contract/suite'
import { createUnifiedStorage } from '../index'

testBackend('memory', (name) => createUnifiedStorage({ name, prefer: 'memory' }))
