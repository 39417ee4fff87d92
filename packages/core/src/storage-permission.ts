/**
 * Whether the browser forbids this site to store data. Where a person has blocked that, Chromium fails IndexedDB with the name
 * that it also gives to a damaged disk; localStorage, blocked by the same setting, says clearly which of the two it is.
 */
export function isStorageForbidden(error: unknown): boolean {
  if (!(error instanceof DOMException)) return false
  return error.name === 'SecurityError' || (error.name === 'UnknownError' && isLocalStorageForbidden())
}

/** A worker has no localStorage and cannot tell; its page can. */
function isLocalStorageForbidden(): boolean {
  try {
    void globalThis.localStorage
    return false
  } catch {
    return true
  }
}
