import type { Engine } from './engine'
import { packError, type Ready, type Reply, type Request } from './messages'
import { openEngine } from './open-engine'

/** The worker's side of engine-worker.ts: runs the engines of one page. */

const engines = new Map<number, Promise<Engine>>()

async function handle(request: Request): Promise<unknown> {
  const { engine: id } = request
  if (request.method === 'open') {
    const opening = openEngine(...(request.args as Parameters<typeof openEngine>))
    engines.set(id, opening)
    await opening
    return undefined
  }
  const engine = await engines.get(id)
  const method = engine?.[request.method] as ((...args: unknown[]) => Promise<unknown>) | undefined
  return method?.(...request.args)
}

function reply(message: Reply): void {
  // Bytes are handed over, not copied.
  const transfer = message.type === 'result' && message.result instanceof Uint8Array ? [message.result.buffer] : []
  self.postMessage(message, { transfer })
}

self.addEventListener('message', ({ data: request }: MessageEvent<Request>) => {
  handle(request).then(
    (result) => reply({ type: 'result', call: request.call, result }),
    (error: unknown) => reply({ type: 'error', call: request.call, error: packError(error) }),
  )
})

/** No event tells a page that its worker was ended; a lock that becomes free does. */
async function holdLifeLock(): Promise<string | undefined> {
  const { locks } = navigator as Partial<Navigator>
  // Missing on pages without HTTPS.
  if (!locks) return undefined
  const name = `unified-storage-sqlite/worker/${crypto.randomUUID()}`
  return new Promise((resolve) => {
    const forLife = (): Promise<never> => {
      resolve(name)
      return new Promise(() => undefined)
    }
    locks.request(name, forLife).catch(() => resolve(undefined))
  })
}

void holdLifeLock().then((lifeLock) => self.postMessage({ lifeLock } satisfies Ready))
