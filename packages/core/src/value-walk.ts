/** One step into a value: the name of a member, or the place of an item. */
export type Step = string | number

/** Why a value cannot be stored, as the rest of a sentence that starts with the place. */
export class Refusal extends Error {}

/** From so many objects on, a set finds one as quickly as a list. */
const MANY_OBJECTS = 16

type Met = { object: object; before: Met | undefined }

/** What a walk over a value keeps in mind. It makes little garbage, because every value that is set is walked. */
export class Walk {
  isJson = true
  /** How many arrays, objects, maps and sets are around the part that is visited. */
  depth = 0
  /** How many objects were met. */
  objects = 0
  /** The way to the part that is visited. Kept only by a walk that is to tell where it was refused. */
  readonly path: Step[] | undefined
  #few: Met | undefined
  #many: Set<object> | undefined

  constructor(path?: Step[]) {
    this.path = path
  }

  /** Whether the object is met for the first time. */
  meets(object: object): boolean {
    if (this.#isKnown(object)) return false
    this.objects += 1
    if (this.#many) this.#many.add(object)
    else this.#few = { object, before: this.#few }
    if (this.objects === MANY_OBJECTS) this.#many = new Set(listOf(this.#few))
    return true
  }

  #isKnown(object: object): boolean {
    if (this.#many) return this.#many.has(object)
    for (let met = this.#few; met; met = met.before) if (met.object === object) return true
    return false
  }
}

function* listOf(last: Met | undefined): Generator<object> {
  for (let met = last; met; met = met.before) yield met.object
}

/** Refuses a part of what is being visited. */
export function refuseAt(walk: Walk, step: Step, problem: string): never {
  walk.path?.push(step)
  throw new Refusal(problem)
}

/** Writes a path as a program would: `todos[3].owner`. */
export function formatPath(path: readonly Step[], key: string): string {
  return path.reduce<string>((text, step) => text + formatStep(step), key)
}

function formatStep(step: Step): string {
  if (typeof step === 'number') return `[${step}]`
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
}
