import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'

testBackend('sqlite', (name) => createUnifiedStorage({ name, prefer: 'sqlite' }))
