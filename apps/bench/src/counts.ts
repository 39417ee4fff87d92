export type Counts = { transactions: number; requests: number; durability: string[] }

const REQUESTS = ['get', 'getAll', 'getAllKeys', 'put', 'add', 'delete', 'clear', 'count', 'openCursor'] as const

type Method = (this: unknown, ...args: unknown[]) => unknown

let counts: Counts = noCounts()
let isCounting = false

/**
 * Counts transactions and requests from now on. It must come before anything is opened, because Dexie keeps a bound
 * `transaction` of its connection; and it slows everything, so a page that counts is never timed.
 */
export function startCounting(): void {
  if (isCounting) return
  isCounting = true
  spy(IDBDatabase.prototype, 'transaction', (result) => {
    counts.transactions += 1
    const { durability } = result as IDBTransaction
    if (!counts.durability.includes(durability)) counts.durability.push(durability)
  })
  for (const name of REQUESTS) spy(IDBObjectStore.prototype, name, () => (counts.requests += 1))
}

export async function countCalls(work: () => Promise<unknown>): Promise<Counts> {
  counts = noCounts()
  await work()
  return counts
}

function noCounts(): Counts {
  return { transactions: 0, requests: 0, durability: [] }
}

function spy(owner: object, name: string, note: (result: unknown) => void): void {
  const methods = owner as Record<string, Method>
  const original = methods[name] as Method
  methods[name] = function (...args) {
    const result = original.apply(this, args)
    note(result)
    return result
  }
}
