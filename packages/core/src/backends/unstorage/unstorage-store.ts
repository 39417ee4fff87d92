import { StorageError, type StorageErrorCode } from '../../errors'
import type { JsonValue, KeyValueStore } from '../key-value/index'

type MaybePromise<T> = T | Promise<T>

/** The part of an unstorage 1.x driver that is used here. */
export interface UnstorageDriver {
  name?: string
  getItem: (key: string) => MaybePromise<unknown>
  /** Missing where a driver only reads. */
  setItem?: (key: string, value: string, options: object) => MaybePromise<void>
  removeItem?: (key: string, options: object) => MaybePromise<void>
  getKeys: (base: string, options: object) => MaybePromise<string[]>
}

/** A driver as a store of JSON texts. */
export function createUnstorageStore(driver: UnstorageDriver): KeyValueStore {
  return {
    async get(key) {
      const text = await ask(() => driver.getItem(toDriverKey(key)))
      return text === undefined || text === null ? undefined : parse(text)
    },
    async set(key, value) {
      if (!driver.setItem) throw readOnly()
      const { setItem } = driver
      await ask(() => setItem(toDriverKey(key), JSON.stringify(value), {}))
    },
    async delete(key) {
      if (!driver.removeItem) throw readOnly()
      const { removeItem } = driver
      await ask(() => removeItem(toDriverKey(key), {}))
    },
    keys: async () => (await ask(() => driver.getKeys('', {}))).map(fromDriverKey),
  }
}

/** Some drivers resolve with the error instead of rejecting: those over files do, when a file may not be read or removed. */
async function ask<Answer>(request: () => MaybePromise<Answer>): Promise<Answer> {
  try {
    const answer = await request()
    if (answer instanceof Error) throw answer
    return answer
  } catch (cause) {
    throw failure(
      cause instanceof Error && cause.name === 'QuotaExceededError' ? 'QUOTA_EXCEEDED' : 'UNAVAILABLE',
      cause,
    )
  }
}

function parse(text: unknown): JsonValue {
  try {
    return JSON.parse(text as string) as JsonValue
  } catch (cause) {
    throw new StorageError('CORRUPT', 'The unstorage driver gave something else than the JSON text it was given.', {
      cause,
    })
  }
}

/** Drivers over files make a folder of what stands before a colon, and names of files may have 255 characters. */
const SEGMENT = /.{200}(?=.)/g
const END_OF_SEGMENT = /~[:/]/g

function toDriverKey(key: string): string {
  return key.replaceAll(SEGMENT, '$&~:')
}

function fromDriverKey(key: string): string {
  return key.replaceAll(END_OF_SEGMENT, '')
}

function readOnly(): StorageError {
  return new StorageError('UNSUPPORTED', 'This unstorage driver cannot write. Use one that can.')
}

function failure(code: StorageErrorCode, cause: unknown): StorageError {
  const message =
    code === 'QUOTA_EXCEEDED'
      ? 'The place that the unstorage driver writes to is full. Delete or export data, then try again.'
      : 'The unstorage driver failed; the cause is attached. Try again.'
  return new StorageError(code, message, { cause })
}
