type Handlers = {
  /** Creates what is missing; runs inside the upgrade's transaction. */
  upgrade(database: IDBDatabase, oldVersion: number): void
  /** The connection is gone: newer code asked for it, or the browser closed it. */
  onLost?(): void
}

/** Opens an IndexedDB database, and makes way when newer code wants to upgrade it. */
export function openDatabase(name: string, version: number | undefined, handlers: Handlers): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = ({ oldVersion }) => handlers.upgrade(request.result, oldVersion)
    request.onerror = () => reject(request.error ?? new DOMException('The database did not open', 'UnknownError'))
    request.onsuccess = () => {
      const database = request.result
      database.onversionchange = () => {
        database.close()
        handlers.onLost?.()
      }
      database.onclose = () => handlers.onLost?.()
      resolve(database)
    }
  })
}
