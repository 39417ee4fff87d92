import { join, relative } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
const withoutPeers = [/^react($|\/|-)/, /^@tanstack\//, /^@unified-storage\/core$/]
const withoutDependencies = [
  ...withoutPeers,
  /^@unified-storage\/react$/,
  /^(class-variance-authority|clsx|lucide-react|radix-ui|tailwind-merge)$/,
]

const bundles = [
  { name: 'core with IndexedDB', entry: 'core', goal: 5000 },
  { name: 'hooks, without react-query and core', entry: 'react', external: withoutPeers, goal: 2500 },
  { name: 'settings panel, without declared dependencies', entry: 'ui', external: withoutDependencies, goal: 25_000 },
  { name: 'idb-keyval, three functions', entry: 'idb-keyval' },
  { name: 'localForage', entry: 'localforage' },
  { name: 'Dexie', entry: 'dexie' },
]

/** P14: bytes to download, minified and in brotli, before anything lazy. */
export async function measureSizes() {
  const sizes = []
  for (const bundle of bundles) sizes.push({ name: bundle.name, goal: bundle.goal, ...(await sizeOf(bundle)) })
  return sizes
}

async function sizeOf({ entry, external = [] }) {
  const [{ output }] = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      minify: 'oxc',
      modulePreload: false,
      lib: { entry: join(root, `src/entries/${entry}.ts`), formats: ['es'] },
      // As in an app, whose entry need not keep its exports: modules that lazy code shares stay in it.
      rolldownOptions: { external, preserveEntrySignatures: 'allow-extension', output: { minify: true } },
    },
  })
  const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]))
  const first = [...chunks.values()].find((chunk) => chunk.isEntry)
  const needed = staticImports(first, chunks)
  const lazy = [...chunks.values()].filter((chunk) => !needed.has(chunk))
  return {
    brotli: brotliBytes(needed),
    minified: [...needed].reduce((total, { code }) => total + Buffer.byteLength(code), 0),
    lazy: brotliBytes(lazy),
    largest: largestModules(needed),
  }
}

function staticImports(chunk, chunks, found = new Set()) {
  if (!chunk || found.has(chunk)) return found
  found.add(chunk)
  for (const name of chunk.imports) staticImports(chunks.get(name), chunks, found)
  return found
}

// Each chunk is a response of its own, compressed by itself.
function brotliBytes(chunks) {
  return [...chunks].reduce((total, { code }) => total + brotliCompressSync(code).length, 0)
}

function largestModules(chunks) {
  const modules = [...chunks].flatMap((chunk) => Object.entries(chunk.modules))
  return modules
    .map(([path, { renderedLength }]) => ({
      module: nameOf(path),
      bytes: renderedLength,
    }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 12)
}

function nameOf(path) {
  const fromRoot = relative(join(root, '../..'), path).replaceAll('\\', '/')
  return fromRoot.replace(/^(packages|.*node_modules)\//, '')
}
