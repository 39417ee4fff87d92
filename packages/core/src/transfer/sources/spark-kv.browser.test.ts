import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SparkSpace, useSparkSpace } from '../../backends/spark-kv/testing/spark-space'
import { createUnifiedStorage, findImportSources, type UnifiedStorage } from '../../index'

let space: SparkSpace
let storage: UnifiedStorage

beforeEach(async () => {
  space = await useSparkSpace()
  storage = createUnifiedStorage({ name: crypto.randomUUID() })
})
afterEach(() => storage.close())

const sparkSources = async () => (await findImportSources()).sources.filter(({ source }) => source.type === 'sparkkv')

test('what an app keeps on Spark is found and imported, and what a storage of the kit keeps there is not', async () => {
  const onSpark = createUnifiedStorage({ name: 'my app', prefer: 'sparkkv' })
  await onSpark.set('ours', 1)
  await onSpark.close()
  await space.kv.set('todos', [{ title: 'milk' }])
  await space.kv.set('none', null)
  await space.kv.set('unified-storage.looks.Like-Ours', 2)
  expect(await sparkSources()).toEqual([{ source: { type: 'sparkkv' }, name: 'Spark KV', count: 3 }])
  expect(await storage.importFrom({ type: 'sparkkv' })).toMatchObject({ added: 3 })
  expect({ ...(await storage.exportData()) }).toEqual({
    none: null,
    todos: [{ title: 'milk' }],
    'unified-storage.looks.Like-Ours': 2,
  })
  expect((await space.kv.keys()).length).toBe(4)
})

test('only keys that start with what was asked for are imported, under other names', async () => {
  for (let index = 0; index < 120; index++) await space.kv.set(`app:${index}`, index)
  await space.kv.set('other', 1)
  expect(await storage.importFrom({ type: 'sparkkv', from: 'app:', prefix: 'old:' })).toMatchObject({ added: 120 })
  expect(await storage.get('old:119')).toBe(119)
})

test('an app can stay on Spark: its keys are copied to where the storage keeps its own', async () => {
  await space.kv.set('todos', ['milk'])
  const onSpark = createUnifiedStorage({ name: 'default-of-test', prefer: 'sparkkv' })
  await onSpark.importFrom({ type: 'sparkkv' })
  expect(await onSpark.get('todos')).toEqual(['milk'])
  await onSpark.close()
  expect(await sparkSources()).toMatchObject([{ count: 1 }])
})

test.each(['error', 'missing', 'html', 'truncated'] as const)(
  '[E2] with answers that are %s nothing is imported, and the store is not taken for empty',
  async (kind) => {
    await space.kv.set('todos', ['milk'])
    await space.setFault({ kind, method: 'GET' })
    await expect(storage.importFrom({ type: 'sparkkv' })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    const { sources, unreadable } = await findImportSources()
    await space.setFault(null)
    expect(sources.filter(({ source }) => source.type === 'sparkkv')).toEqual([])
    expect(unreadable).toMatchObject([{ name: 'Spark KV', error: { code: 'UNAVAILABLE' } }])
    expect(await storage.keys()).toEqual([])
  },
)

test('[E1] outside Spark there is nothing to find, and nothing to import', async () => {
  const { spark } = globalThis as { spark?: unknown }
  Object.assign(globalThis, { spark: undefined })
  const found = await findImportSources()
  const failure: unknown = await storage.importFrom({ type: 'sparkkv' }).catch((error: unknown) => error)
  Object.assign(globalThis, { spark })
  expect(found.unreadable).toEqual([])
  expect(failure).toMatchObject({ code: 'INVALID_DATA', message: expect.stringContaining('GitHub Spark') as string })
})
