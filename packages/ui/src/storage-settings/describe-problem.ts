import type { ImportProblem } from './import-machine'
import { describeError, type Words } from './use-words'

/** Why an import was refused, in words that say what to do. */
export function describeProblem(problem: ImportProblem, words: Words): string {
  const { messages, format } = words
  const text = messages.problems
  switch (problem.kind) {
    case 'many-files':
      return text.manyFiles
    case 'no-entries':
      return text.noEntries
    case 'too-large':
      return format.text(text.tooLarge, { size: format.bytes(problem.size), limit: format.bytes(problem.limit) })
    case 'rejected':
      return describeError(problem.error, words)
  }
}
