/** A database that somebody else is about to delete or to upgrade is waited for so long: their tab may sleep. */
const BLOCKED_MS = 2_000

/** Deletes a database; rejects when somebody uses it, and the browser deletes it after them. */
export function deleteDatabase(databaseName: string): Promise<void> {
  const deleting = new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(databaseName)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(failureOf(request))
  })
  return inTime(deleting)
}

/** Some browsers give no reason. */
export function failureOf({ error }: { error: DOMException | null }): DOMException {
  return error ?? new DOMException('The browser broke it off', 'UnknownError')
}

/** Rejects with a `TimeoutError` when the database is not free within 2 s. */
export function inTime<Result>(task: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const isInUse = new DOMException('The database is in use', 'TimeoutError')
    const timer = setTimeout(() => reject(isInUse), BLOCKED_MS)
    task.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
