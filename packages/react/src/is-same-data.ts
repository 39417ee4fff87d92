/** Beyond this, comparing costs more than the render that it saves. */
const MAX_PARTS = 100_000
const MAX_DEPTH = 100

type Budget = { parts: number }

/**
 * Whether two values are certainly the same, down to the order of members. What is no plain data, no date, map or set, and what
 * is too large or too deep, as a value that holds itself, counts as different.
 */
export function isSameData(a: unknown, b: unknown): boolean {
  return compare(a, b, 0, { parts: MAX_PARTS })
}

function compare(a: unknown, b: unknown, depth: number, budget: Budget): boolean {
  if (Object.is(a, b)) return true
  if (!isObject(a) || !isObject(b) || depth === MAX_DEPTH) return false
  return Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && compareObjects(a, b, depth, budget)
}

/** Two of one kind. */
function compareObjects(a: object, b: object, depth: number, budget: Budget): boolean {
  if (Array.isArray(a)) return compareItems(a, b as unknown[], depth, budget)
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime())
  if (a instanceof Map || a instanceof Set) return compareItems([...a], [...(b as Set<unknown>)], depth, budget)
  return isPlain(a) && compareMembers(a as Members, b as Members, depth, budget)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

type Members = Record<string, unknown>

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function compareItems(a: readonly unknown[], b: readonly unknown[], depth: number, budget: Budget): boolean {
  budget.parts -= a.length
  if (a.length !== b.length || budget.parts < 0) return false
  return a.every((item, index) => compare(item, b[index], depth + 1, budget))
}

function compareMembers(a: Members, b: Members, depth: number, budget: Budget): boolean {
  const [names, others] = [Object.keys(a), Object.keys(b)]
  budget.parts -= names.length
  if (names.length !== others.length || budget.parts < 0) return false
  return names.every((name, index) => name === others[index] && compare(a[name], b[name], depth + 1, budget))
}
