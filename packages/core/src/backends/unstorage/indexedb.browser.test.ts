import indexedDBDriver from 'unstorage/drivers/indexedb'
import { testBackend } from '../../contract/suite'
import { createUnifiedStorage } from '../../index'
import { unstorageBackend } from './index'

const driver = indexedDBDriver({ dbName: 'unstorage-test', storeName: 'items' })

testBackend('unstorage: indexedb', (name) =>
  createUnifiedStorage({ name, prefer: 'drawer', backends: { drawer: unstorageBackend(driver) } }),
)
