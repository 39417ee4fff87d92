import { type StorageError, type StorageErrorCode, type UnifiedStorage } from '@unified-storage/core'
import type { ReadKey } from './live-item-state'

type Question = Parameters<ReadKey>

/** Not the fault of one of the keys. */
const OF_THE_STORAGE: readonly StorageErrorCode[] = ['CLOSED', 'TIMEOUT']

/** Makes the function that reads keys: those that are asked for in one tick, as by a page that mounts, in one read. */
export function createReader(storage: UnifiedStorage): ReadKey {
  let asked: Question[] = []

  function readAll(): void {
    const questions = asked
    asked = []
    if (questions.length === 1) readEach(storage, questions)
    else void readMany(storage, questions)
  }

  return (...question) => {
    // Before the transaction of this tick starts, which does so two microtasks after its first operation.
    if (asked.length === 0) queueMicrotask(readAll)
    asked.push(question)
  }
}

async function readMany(storage: UnifiedStorage, questions: readonly Question[]): Promise<void> {
  const reading = storage.getMany(questions.map(([key]) => key))
  const found = await reading.catch((error: StorageError) => error)
  if (found instanceof Map) for (const [key, onFound] of questions) onFound({ phase: 'ready', value: found.get(key) })
  else if (OF_THE_STORAGE.includes(found.code))
    for (const [, onFound] of questions) onFound({ phase: 'error', error: found })
  // One that cannot be read must not take the others with it.
  else readEach(storage, questions)
}

function readEach(storage: UnifiedStorage, questions: readonly Question[]): void {
  for (const [key, onFound] of questions) {
    storage.get(key).then(
      (value) => onFound({ phase: 'ready', value }),
      (error: StorageError) => onFound({ phase: 'error', error }),
    )
  }
}
