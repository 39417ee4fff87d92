import { StorageError } from './errors'

/** Loads code that a first read or write does without; rejects with `UNAVAILABLE` when it cannot be downloaded. */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load()
  } catch (cause) {
    const message =
      'A part of this app could not be downloaded. Check the connection and try again, or reload the page.'
    throw new StorageError('UNAVAILABLE', message, { cause })
  }
}
