import type { WriteOperation } from '../../adapter'
import { StorageError } from '../../errors'
import { assertKey } from '../../keys'
import { checkValue } from '../../values'
import type { Engine } from './engine'
import { BACKEND } from './failures'
import type { Row } from './items-database'
import { encodeWrites } from './rows'

const LEGACY_ITEM = 'codeforge-sqlite-db'
/** The original system knew one storage only. */
const LEGACY_NAME = 'default'

/**
 * Takes over what the original system left in localStorage, before the first commit; the original stays where it is. Rejects
 * with `CORRUPT` for an image that cannot be read whole, because half of it would pass for everything.
 */
export async function adoptLegacy(name: string, engine: Engine): Promise<void> {
  const text = name === LEGACY_NAME ? readItem() : null
  if (text === null || (await engine.read([], false)).sequence > 0) return
  try {
    const rows = await engine.readLegacy(parseBytes(text))
    // Another tab that was first has adopted the same.
    if (rows.length > 0) await engine.commit(await encodeWrites(rows.map(toWrite)), 0)
  } catch (cause) {
    const message =
      `The database that an earlier version of this app left in localStorage ("${LEGACY_ITEM}") cannot be read. ` +
      'Save that entry elsewhere and remove it, then reload.'
    throw new StorageError('CORRUPT', message, { backend: BACKEND, cause })
  }
}

function readItem(): string | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage.getItem(LEGACY_ITEM)
  } catch {
    // Storage is blocked for this site: then the original system could not have left anything either.
    return null
  }
}

function parseBytes(text: string): Uint8Array {
  const bytes: unknown = JSON.parse(text)
  const isByte = (byte: unknown): boolean => Number.isInteger(byte) && (byte as number) >= 0 && (byte as number) < 256
  if (!Array.isArray(bytes) || !bytes.every(isByte)) throw new SyntaxError('It is not a list of bytes')
  return Uint8Array.from(bytes as number[])
}

/** Plain values, even those that look like the kit's own encoding: the original system knew no such thing. */
function toWrite([key, text]: Row): WriteOperation {
  assertKey(key)
  return { type: 'set', key, ...checkValue(JSON.parse(text), key) }
}
