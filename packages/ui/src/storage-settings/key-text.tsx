import type { ReactElement } from 'react'

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
