import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import typescript from 'typescript'
import { packages, playground, root } from './lib/paths.mjs'

const codeBlock = /^```(tsx?)\n(.*?)^```$/gms
const link = /\]\(([^)\s]+)\)/g

/** The documents for the people who use the packages. */
export function documents() {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true }).map((name) => join('docs', name))
  const inPackages = packages.flatMap((folder) => readdirSync(folder).map((name) => relative(root, join(folder, name))))
  return ['README.md', ...inDocs, ...inPackages].filter((name) => name.endsWith('.md'))
}

/** Each TypeScript block of a text as a module of its own, on the lines where it stands in the text. */
export function codeBlocks(text) {
  return [...text.matchAll(codeBlock)].map(({ 1: language, 2: code, index }) => {
    const line = text.slice(0, index).split('\n').length
    return { language, code: '\n'.repeat(line) + code }
  })
}

/** What the compiler says of every block, where an app that depends on the packages would stand. */
export function typeProblems(texts) {
  const modules = new Map(Object.entries(texts).flatMap(([name, text]) => modulesOf(name, text)))
  const options = { ...playgroundOptions(), moduleDetection: typescript.ModuleDetectionKind.Force }
  const program = typescript.createProgram([...modules.keys()], options, hostWith(modules, options))
  return typescript.getPreEmitDiagnostics(program).map(describe)
}

/** Relative links of a document that lead nowhere. */
export function brokenLinks(document) {
  const targets = [...readFileSync(join(root, document), 'utf8').matchAll(link)].map((match) => match[1])
  return targets
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .filter((target) => !existsSync(join(root, dirname(document), target.replace(/#.*/, ''))))
}

function modulesOf(document, text) {
  const stem = document.replaceAll(/[\\/]/g, '-')
  return codeBlocks(text).map(({ language, code }, index) => [join(playground, `${stem}.${index}.${language}`), code])
}

/** The compiler reads the blocks as if they were files; on the disk there are none to tidy up. */
function hostWith(modules, options) {
  const host = typescript.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  return Object.assign(host, {
    fileExists: (path) => modules.has(path) || fileExists(path),
    readFile: (path) => modules.get(path) ?? readFile(path),
    getSourceFile(path, languageVersion, ...rest) {
      const code = modules.get(path)
      if (code === undefined) return getSourceFile(path, languageVersion, ...rest)
      return typescript.createSourceFile(path, code, languageVersion, true)
    },
  })
}

function playgroundOptions() {
  const host = { ...typescript.sys, onUnRecoverableConfigFileDiagnostic: (problem) => fail(describe(problem)) }
  return typescript.getParsedCommandLineOfConfigFile(join(playground, 'tsconfig.json'), {}, host).options
}

function describe({ file, start, messageText }) {
  const message = typescript.flattenDiagnosticMessageText(messageText, '\n')
  if (!file) return message
  const { line } = file.getLineAndCharacterOfPosition(start)
  return `${file.fileName.slice(playground.length + 1)}, line ${line + 1}: ${message}`
}

function fail(message) {
  throw new Error(message)
}
