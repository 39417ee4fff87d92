import type { AdapterFactory, ChangeCapability, Entry, StorageAdapter, WriteOperation } from '../adapter'
import { compareKeys, pageKeys } from '../keys'
import { Listeners } from '../listeners'
import type { ChangeEvent } from '../types'
import { copyChecked, copyValue } from '../values'

/** What the instances with one name share; it goes with the last of them. */
type Room = { items: Map<string, unknown>; members: Set<Listeners<[ChangeEvent[]]>> }

const rooms = new Map<string, Room>()

/** Keeps data in this page's memory: the reference for what the others do, and the last resort when nothing durable is there. */
export const memoryBackend: AdapterFactory = async ({ name }) => {
  const room = rooms.get(name) ?? { items: new Map(), members: new Set() }
  rooms.set(name, room)
  const me = new Listeners<[ChangeEvent[]]>()
  room.members.add(me)
  return createMemoryAdapter(room, me, () => {
    room.members.delete(me)
    if (room.members.size === 0) rooms.delete(name)
  })
}

function createMemoryAdapter(
  { items, members }: Room,
  me: Listeners<[ChangeEvent[]]>,
  leave: () => void,
): StorageAdapter {
  const sortedKeys = (prefix: string): string[] =>
    [...items.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys)
  const entryOf = (key: string): Entry => [key, copyValue(items.get(key))]

  return {
    name: 'memory',
    persistent: false,
    async transact(_mode, keys, compute) {
      const present = keys === 'all' ? [...items.keys()] : keys.filter((key) => items.has(key))
      const current = new Map(present.map(entryOf))
      // Copying may refuse a value, and must do so before anything is written.
      const writes = compute(current).map((write) => (write.type === 'set' ? copyChecked(write) : write))
      for (const write of writes) applyWrite(items, write)
    },
    async scan(range, visit) {
      for (const keys of pageKeys(sortedKeys(range.prefix), range)) if (!visit(keys.map(entryOf))) return
    },
    keys: async (prefix) => sortedKeys(prefix),
    changes: createRoomChannel(members, me),
    close: async () => leave(),
  }
}

function createRoomChannel(members: Room['members'], me: Listeners<[ChangeEvent[]]>): ChangeCapability {
  return {
    subscribe: (listener) => me.add(listener),
    publish(events) {
      const others = [...members].filter((member) => member !== me)
      if (others.length === 0) return
      const news = events.map((event): ChangeEvent => ({ ...event, origin: 'tab' }))
      for (const other of others) other.notify(news)
    },
  }
}

function applyWrite(items: Map<string, unknown>, write: WriteOperation): void {
  if (write.type === 'clear') items.clear()
  else if (write.type === 'delete') items.delete(write.key)
  else items.set(write.key, write.value)
}
