/** One line of a table. */
export function row(cells) {
  return `| ${cells.join(' | ')} |`
}
