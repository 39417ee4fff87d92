import type { Place } from '../active-record'
import type { StorageAdapter } from '../adapter'
import type { SwitchOptions } from '../types'
import { isAnythingLeft, openLeftBehind, rememberingLeft } from './left-behind'
import { SharedTarget } from './shared-target'
import { openUndoStore } from './shared-undo'
import { EmptyTarget, sameTarget, type Target } from './target'

/** `isReturn`: whether the data comes back to where it was before. */
type Wanted = {
  name: string
  from: { place: Place; adapter: StorageAdapter }
  options: SwitchOptions
  isReturn: boolean
}

export type OpenTarget = {
  target: Target
  shared?: SharedTarget | undefined
  /** What was left there, when the data comes back. */
  left?: StorageAdapter | undefined
  close(): Promise<void>
}

/** Makes of a backend what data is copied to, with the stores beside it that this takes. */
export async function openTarget(
  adapter: StorageAdapter,
  place: Place,
  { name, from, options, isReturn }: Wanted,
): Promise<OpenTarget> {
  if (isSameData(adapter, from.adapter)) return { target: sameTarget, close: async () => undefined }
  const stores: StorageAdapter[] = []
  const use = async (opening: Promise<StorageAdapter>): Promise<StorageAdapter> => {
    const store = await opening
    stores.push(store)
    return store
  }
  const close = async (): Promise<void> => void (await Promise.allSettled(stores.map((store) => store.close())))
  try {
    const isKnown = isReturn && (await isAnythingLeft(name, from.place.generation))
    const left = isKnown ? await use(openLeftBehind(name, from.place.generation)) : undefined
    const shared = adapter.handover?.startsEmpty
      ? undefined
      : await SharedTarget.open({
          adapter,
          undo: await use(openUndoStore(name, place.generation)),
          source: from.adapter,
          left,
          onConflict: options.onConflict,
        })
    const target = shared ?? new EmptyTarget(adapter)
    if (from.adapter.handover?.startsEmpty) return { target, shared, left, close }
    const leaving = await use(openLeftBehind(name, place.generation))
    return { target: rememberingLeft(target, leaving), shared, left, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Two addresses may lead to one place, where a copy would overwrite what is written meanwhile. */
function isSameData(a: StorageAdapter, b: StorageAdapter): boolean {
  return a.identity !== undefined && a.identity === b.identity
}
