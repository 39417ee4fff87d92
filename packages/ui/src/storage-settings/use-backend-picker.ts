import type { BackendName, StorageError } from '@unified-storage/core'
import { useStorage, useStorageBackend } from '@unified-storage/react'
import { useEffect, useState } from 'react'

export type BackendOption = {
  name: BackendName
  isActive: boolean
  /** Why it cannot be chosen; unknown, and so not there, until it was looked up. */
  obstacle: StorageError | undefined
}

export type BackendPickerHandle = {
  options: readonly BackendOption[]
  active: BackendName
  chosen: BackendName
  /** Chooses what to make a plan for; without a name, what is in use. */
  choose(name?: BackendName): void
}

const OFFERED: readonly BackendName[] = ['indexeddb', 'sqlite', 'flask', 'sparkkv']

/** Decides what can be chosen. A choice is made for where the data is now: when that changes, it holds no more. */
export function useBackendPicker(offered: readonly BackendName[] = OFFERED): BackendPickerHandle {
  const { state, flaskUrl } = useStorageBackend()
  const active = state.standIn?.wanted ?? state.backend ?? 'memory'
  const place = `${active} ${flaskUrl}`
  const [choice, setChoice] = useState<{ name: BackendName; place: string }>()
  const names = offered.includes(active) ? offered : [active, ...offered]
  const obstacles = useObstacles(names)

  return {
    options: names.map((name) => ({ name, isActive: name === active, obstacle: obstacles.get(name) })),
    active,
    chosen: choice?.place === place ? choice.name : active,
    choose: (name) => setChoice(name === undefined || obstacles.get(name) ? undefined : { name, place }),
  }
}

type Obstacles = ReadonlyMap<BackendName, StorageError>

function useObstacles(names: readonly BackendName[]): Obstacles {
  const storage = useStorage()
  const [obstacles, setObstacles] = useState<Obstacles>(new Map())
  const list = names.join('\n')

  useEffect(() => {
    let isWanted = true
    const check = async (name: BackendName): Promise<[BackendName, StorageError][]> => {
      // What cannot be looked up is worth a try.
      const error = await storage.checkBackend(name).catch(() => undefined)
      return error ? [[name, error]] : []
    }
    void Promise.all(list.split('\n').map(check)).then((found) => isWanted && setObstacles(new Map(found.flat())))
    return () => void (isWanted = false)
  }, [storage, list])

  return obstacles
}
