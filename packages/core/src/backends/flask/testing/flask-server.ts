import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the proxy in front of the real server is; empty where there is no Python. */
    flaskUrl: string
  }
}

/** What the proxy does; see scripts/lib/fault-proxy.mjs. */
export type Fault = { path?: string; times?: number } & (
  | { kind: 'refused' | 'lost' | 'silent' | 'truncated' }
  | { kind: 'slow'; ms: number }
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
)

export type FlaskServer = {
  url: string
  /** Sets what goes wrong from now on, or that nothing does; resolves to the number of requests since the last call. */
  setFault(fault: Fault | null): Promise<number>
  /** For a server of its own: starts it, also again, kills it, or restores it from a backup as far as clients can tell. */
  change(verb: 'start' | 'kill' | 'new-epoch'): Promise<void>
}

export const hasPython: boolean = inject('flaskUrl') !== ''

/** An address of this test's own on the proxy; a name that begins with `required` gets a server with logins. */
export function useFlask(name: string = crypto.randomUUID()): FlaskServer {
  const proxy = inject('flaskUrl')
  return {
    url: `${proxy}/${name}`,
    async setFault(fault) {
      const response = await fetch(`${proxy}/_fault/${name}`, { method: 'PUT', body: JSON.stringify(fault) })
      return Number(await response.text())
    },
    async change(verb) {
      const response = await fetch(`${proxy}/_server/${name}/${verb}`, { method: 'POST' })
      if (!response.ok) throw new Error(await response.text())
    },
  }
}
