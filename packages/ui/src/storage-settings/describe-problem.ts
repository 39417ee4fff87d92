import type { FileProblem } from './read-import-file'
import type { ImportProblem } from './use-import'
import { describeError, type Words } from './use-words'

/** Why a file was refused, in words that say what to do. */
export function describeProblem(problem: ImportProblem, words: Words): string {
  return problem.kind === 'rejected' ? describeError(problem.error, words) : describeFileProblem(problem, words)
}

function describeFileProblem(problem: FileProblem, { messages, format }: Words): string {
  const text = messages.problems
  switch (problem.kind) {
    case 'many-files':
      return text.manyFiles
    case 'empty':
      return text.empty
    case 'unreadable':
      return text.unreadable
    case 'not-text':
      return text.notText
    case 'no-entries':
      return text.noEntries
    case 'too-large':
      return format.text(text.tooLarge, { size: format.bytes(problem.size), limit: format.bytes(problem.limit) })
    case 'not-object':
      return format.text(text.notObject, { found: text.kinds[problem.found] })
    case 'not-json': {
      const { line, column, isEnd } = problem.place
      const values = { line: format.number(line), column: format.number(column) }
      return format.text(isEnd ? text.cutOff : text.notJson, values)
    }
  }
}
