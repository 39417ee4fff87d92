import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from './paths.mjs'

const made = new Set(['node_modules', 'dist', 'storybook-static'])

/** One hash over the names and contents of files and folders, without what tools make in them. */
export function fingerprint(paths, extra = '') {
  const hash = createHash('sha256').update(extra)
  for (const file of paths.flatMap(filesIn)) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

const isOfTests = /\.test\.|__pycache__|\/(testing|contract)\//

/** Names a state of what runs, whatever became of its tests. */
export function hashOfSources(folders) {
  const files = folders.flatMap((folder) => filesIn(join(root, folder)))
  return fingerprint(files.filter((file) => !isOfTests.test(relative(root, file)))).slice(0, 8)
}

/** Does the work unless it was done before for the same fingerprint; the stamp is written only when the work succeeded. */
export async function unlessUnchanged(stampFile, hash, work) {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return true
  if (!(await work())) return false
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, hash)
  return true
}

function filesIn(path) {
  if (!existsSync(path)) return []
  const entries = readEntries(path)
  if (!entries) return [path]
  return entries
    .filter((entry) => !made.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesIn(join(path, entry.name)))
}

function readEntries(path) {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined
    throw error
  }
}
