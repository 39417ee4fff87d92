import type { PrefixStats, StorageStats } from '@unified-storage/core'
import { useStorageBackend, useStorageStats } from '@unified-storage/react'
import { useEffect, useRef, useState } from 'react'

export type Space =
  | { kind: 'unknown' }
  | { kind: 'unlimited'; used: number }
  | { kind: 'limited'; used: number; total: number; fraction: number; level: 'normal' | 'warning' | 'danger' }

export type UsageView =
  | { status: 'loading' }
  | { status: 'failed'; error: unknown; isRetrying: boolean }
  | { status: 'ready'; keyCount: number; bytes: number; space: Space; groups: PrefixStats[] }

export const WARNING_FRACTION = 0.8
export const DANGER_FRACTION = 0.95

/** Decides what there is to say of how much is stored. Numbers that cannot be refreshed are not shown as if they held. */
export function useStorageUsage(): { view: UsageView; retry(): void } {
  const { stats, error, refresh } = useStorageStats()
  // While it is tried again there is no error any more; what is on the screen stays, and so does the focus.
  const [retried, setRetried] = useState<unknown>()
  useReturn(refresh)

  function retry(): void {
    setRetried(error)
    refresh()
  }

  if (error) return { view: { status: 'failed', error, isRetrying: false }, retry }
  if (stats) return { view: readyView(stats), retry }
  return { view: retried ? { status: 'failed', error: retried, isRetrying: true } : { status: 'loading' }, retry }
}

/** Numbers that could not be had are asked for again when the storage is back, whoever brought it back. */
function useReturn(refresh: () => void): void {
  const { status } = useStorageBackend().state
  const previous = useRef(status)
  useEffect(() => {
    const cameBack = previous.current === 'failed' && status === 'ready'
    previous.current = status
    if (cameBack) refresh()
  }, [status, refresh])
}

function readyView(stats: StorageStats): UsageView {
  return {
    status: 'ready',
    keyCount: stats.keyCount,
    bytes: stats.bytes,
    space: spaceOf(stats),
    groups: [...stats.prefixes].sort((a, b) => b.bytes - a.bytes),
  }
}

/** How full the site's space is. What the browser does not tell is unknown, never zero. */
export function spaceOf({ usage, quota }: Pick<StorageStats, 'usage' | 'quota'>): Space {
  if (usage === undefined) return { kind: 'unknown' }
  if (!quota || !Number.isFinite(quota)) return { kind: 'unlimited', used: usage }
  const fraction = usage / quota
  return { kind: 'limited', used: usage, total: quota, fraction, level: levelOf(fraction) }
}

function levelOf(fraction: number): 'normal' | 'warning' | 'danger' {
  if (fraction >= DANGER_FRACTION) return 'danger'
  return fraction >= WARNING_FRACTION ? 'warning' : 'normal'
}

const TICK = 30_000

/** The time, moving on while the component is mounted, so that "1 minute ago" does not stay true for an hour. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK)
    return () => clearInterval(timer)
  }, [])
  return now
}
