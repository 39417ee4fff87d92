import type { ReactElement } from 'react'
import type { Words } from './use-words'

/** Control characters and marks of direction: they cannot be seen, and could make one key look like another. */
// eslint-disable-next-line no-control-regex -- finding them is the point
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** A key as text, whatever it holds: nothing in it reaches the text around it, and what cannot be seen is written out. */
export function KeyText({ children }: { children: string }): ReactElement {
  return <bdi>{children.replace(UNSEEN, writeOut)}</bdi>
}

function writeOut(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return `‹U+${code}›`
}

const SHOWN_KEYS = 5

/** A few of many keys, and how many more there are. */
export function KeyList({ keys, words }: { keys: readonly string[]; words: Words }): ReactElement {
  const hidden = keys.length - SHOWN_KEYS
  return (
    <ul>
      {keys.slice(0, SHOWN_KEYS).map((key) => (
        <li key={key} className="us:wrap-anywhere us:line-clamp-2">
          <KeyText>{key}</KeyText>
        </li>
      ))}
      {hidden > 0 && <li>{words.format.plural(words.messages.preview.moreKeys, hidden)}</li>}
    </ul>
  )
}
