/** What the encoder needs to know before it starts. */
export type Survey = {
  /** Objects that are met more than once. */
  shared: Set<object>
  blobs: Blob[]
}

/** Walks a checked value once, to find what is shared, and the blobs, whose bytes must be read before. */
export function surveyValue(value: unknown): Survey {
  const seen = new Set<object>()
  const survey: Survey = { shared: new Set(), blobs: [] }

  function visit(part: unknown): void {
    if (typeof part !== 'object' || part === null) return
    if (seen.has(part)) {
      survey.shared.add(part)
      return
    }
    seen.add(part)
    if (part instanceof Blob) survey.blobs.push(part)
    else for (const child of childrenOf(part)) visit(child)
  }

  visit(value)
  return survey
}

function childrenOf(part: object): Iterable<unknown> {
  if (Array.isArray(part) || part instanceof Set) return part as Iterable<unknown>
  if (part instanceof Map) return ([...part] as unknown[][]).flat(1)
  if (ArrayBuffer.isView(part)) return [part.buffer]
  return part instanceof Date || part instanceof RegExp || part instanceof ArrayBuffer
    ? []
    : (Object.values(part) as unknown[])
}
