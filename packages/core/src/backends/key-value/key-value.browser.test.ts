import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { mapBackend } from './testing/map-backend'

testBackend('key-value', (name) => createUnifiedStorage({ name, prefer: 'map', backends: { map: mapBackend() } }))
