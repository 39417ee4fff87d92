import type { BackendName, StorageError, UnifiedStorage } from '@unified-storage/core'
import { useStorage, useStorageBackend } from '@unified-storage/react'
import { useEffect, useState } from 'react'

export type BackendOption = {
  name: BackendName
  isActive: boolean
  /** Why it cannot be chosen; unknown, and so not there, until it was looked up. */
  obstacle: StorageError | undefined
  /** Why it could not be looked up. It may be worth a try: only trying tells. */
  doubt: unknown
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
  // For good: it does not come back when the data does.
  if (choice && choice.place !== place) setChoice(undefined)
  const names = offered.includes(active) ? offered : [active, ...offered]
  const { obstacles, doubts } = useFindings(names)

  return {
    options: names.map((name) => ({
      name,
      isActive: name === active,
      obstacle: obstacles.get(name),
      doubt: doubts.get(name),
    })),
    active,
    chosen: choice?.place === place ? choice.name : active,
    choose: (name) => setChoice(name === undefined || obstacles.get(name) ? undefined : { name, place }),
  }
}

type Findings = { obstacles: ReadonlyMap<BackendName, StorageError>; doubts: ReadonlyMap<BackendName, unknown> }

const NO_FINDINGS: Findings = { obstacles: new Map(), doubts: new Map() }

function useFindings(names: readonly BackendName[]): Findings {
  const storage = useStorage()
  const [findings, setFindings] = useState(NO_FINDINGS)
  const list = names.join('\n')

  useEffect(() => {
    let isWanted = true
    void lookUp(storage, list.split('\n')).then((found) => isWanted && setFindings(found))
    return () => void (isWanted = false)
  }, [storage, list])

  return findings
}

async function lookUp(storage: UnifiedStorage, names: readonly BackendName[]): Promise<Findings> {
  const obstacles = new Map<BackendName, StorageError>()
  const doubts = new Map<BackendName, unknown>()
  const lookUpOne = async (name: BackendName): Promise<void> => {
    const obstacle = await storage.checkBackend(name)
    if (obstacle) obstacles.set(name, obstacle)
  }
  await Promise.all(names.map((name) => lookUpOne(name).catch((error: unknown) => void doubts.set(name, error))))
  return { obstacles, doubts }
}
