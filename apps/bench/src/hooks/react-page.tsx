import { type FunctionComponent, type ReactElement, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'

export const COUNT = 10_000
export const keys: readonly string[] = Array.from({ length: COUNT }, (_, index) => `item:${index}`)

/** React visits all neighbours of what it draws: a flat list of 10,000 would measure that. */
const GROUP_SIZE = 100
const groups = Array.from({ length: COUNT / GROUP_SIZE }, (_, index) =>
  keys.slice(index * GROUP_SIZE, (index + 1) * GROUP_SIZE),
)

/** Gives the value of a key, or a number below 0 until it is known. */
type UseValue = (key: string) => number

/** A page of 10,000 components with a value each, on a way to hold values. */
export type ReactPage = {
  mount(): void
  unmount(): void
  isShown(value: number): boolean
  /** Resolves when the last component shows this value; the others are drawn before it, or with it. */
  shows(value: number): Promise<void>
  /** How many components were drawn since this was last asked. */
  takeRenders(): number
}

export function createReactPage(useValue: UseValue, wrap: (children: ReactNode) => ReactElement): ReactPage {
  const container = document.body.appendChild(document.createElement('div'))
  let renders = 0
  let root: Root | undefined

  const Item: FunctionComponent<{ name: string }> = ({ name }) => {
    renders += 1
    return <i>{useValue(name)}</i>
  }

  const drawGroup = (group: readonly string[]): ReactElement => (
    <section key={group[0]}>
      {group.map((key) => (
        <Item key={key} name={key} />
      ))}
    </section>
  )

  const isShown = (value: number): boolean => lastItem(container)?.textContent === String(value)

  return {
    isShown,
    mount() {
      root = createRoot(container)
      flushSync(() => root?.render(wrap(<main>{groups.map((group) => drawGroup(group))}</main>)))
    },
    unmount() {
      root?.unmount()
      root = undefined
    },
    async shows(value) {
      if (isShown(value)) return
      await new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!isShown(value)) return
          observer.disconnect()
          resolve()
        })
        observer.observe(container, { subtree: true, childList: true, characterData: true })
      })
    },
    takeRenders() {
      const taken = renders
      renders = 0
      return taken
    },
  }
}

function lastItem(container: Element): Element | null | undefined {
  return container.firstElementChild?.lastElementChild?.lastElementChild
}
