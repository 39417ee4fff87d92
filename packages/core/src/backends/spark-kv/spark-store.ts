import type { JsonValue } from '../../codec/encode'
import { isStorageError, StorageError, type StorageErrorCode } from '../../errors'
import type { KeyValueStore } from '../key-value/index'

const BACKEND = 'sparkkv'

/** What a Spark app finds at `window.spark.kv`. */
export interface SparkKV {
  keys(): Promise<string[]>
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
}

/** Spark's store, with failures as storage errors, in bounded time. */
export function createSparkStore(timeoutMs: number): KeyValueStore {
  const ask = async <Result>(request: (kv: SparkKV) => Promise<Result>): Promise<Result> => {
    try {
      return await withTimeout(request(findSparkKV()), timeoutMs)
    } catch (error) {
      throw toStorageError(error)
    }
  }
  return {
    get: (key) => ask((kv) => kv.get(key)) as Promise<JsonValue | undefined>,
    set: (key, value) => ask((kv) => kv.set(key, value)),
    delete: (key) => ask((kv) => kv.delete(key)),
    keys: () => ask((kv) => kv.keys()),
  }
}

export function hasSparkKV(): boolean {
  return lookForSparkKV() !== undefined
}

function lookForSparkKV(): SparkKV | undefined {
  return (globalThis as { spark?: { kv?: SparkKV } }).spark?.kv
}

/** Throws `UNSUPPORTED` outside a Spark app. */
export function findSparkKV(): SparkKV {
  const kv = lookForSparkKV()
  if (kv) return kv
  const message =
    'There is no Spark key-value store here: window.spark.kv is missing. Run the app in GitHub Spark and import "@github/spark/spark" first, or choose another backend.'
  throw new StorageError('UNSUPPORTED', message, { backend: BACKEND })
}

function withTimeout<Result>(promise: Promise<Result>, timeoutMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(failure('TIMEOUT', `did not answer within ${timeoutMs} ms`)), timeoutMs)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Spark's client tells statuses apart in words only, so its own errors are all one. `fetch` throws a TypeError. */
function toStorageError(error: unknown): StorageError {
  if (isStorageError(error)) return error
  return error instanceof TypeError
    ? failure('NETWORK', 'cannot be reached', error)
    : failure('UNAVAILABLE', 'gave an answer that cannot be used', error)
}

function failure(code: StorageErrorCode, problem: string, cause?: unknown): StorageError {
  const message = `The Spark key-value store ${problem}. Check the connection, then try again.`
  return new StorageError(code, message, { backend: BACKEND, cause })
}
