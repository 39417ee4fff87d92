import { expect, test } from 'vitest'
import { useAtOnce } from './at-once'

async function* count(end: number, failAt = Infinity): AsyncGenerator<number> {
  for (let item = 0; item < end; item++) {
    await turn()
    if (item === failAt) throw new Error('nothing more comes')
    yield item
  }
}

test('[S2] everything is used, so many at once and never more', async () => {
  const used: number[] = []
  let [running, most] = [0, 0]
  await useAtOnce(3, count(20), async (item) => {
    most = Math.max(most, ++running)
    for (let turns = item % 5; turns >= 0; turns--) await turn()
    running -= 1
    used.push(item)
  })
  expect(used.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, item) => item))
  expect(most).toBe(3)
})

test('[S3] after a failure no more are begun, and those under way are over when it is heard of', async () => {
  const [begun, ended]: [number[], number[]] = [[], []]
  const using = useAtOnce(3, count(20), async (item) => {
    begun.push(item)
    await turn()
    if (item === 0) throw new Error('the first fails')
    for (let turns = 0; turns < 10; turns++) await turn()
    ended.push(item)
  })
  await expect(using).rejects.toThrow('the first fails')
  expect(begun.length).toBeLessThan(4)
  expect(ended).toEqual(begun.slice(1))
})

test('[S3] when nothing more comes, those under way are over, too', async () => {
  const ended: number[] = []
  const using = useAtOnce(3, count(20, 2), async (item) => {
    for (let turns = 0; turns < 10; turns++) await turn()
    ended.push(item)
  })
  await expect(using).rejects.toThrow('nothing more comes')
  expect(ended).toEqual([0, 1])
})

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
