// Who may import whom. Packages: each may import those to its left. Inside core: each file belongs to one layer, and a layer
// imports only the layers listed with it.
const packageOrder = ['core', 'react', 'ui', 'playground', 'bench']

const leaves = [
  'types',
  'errors',
  'keys',
  'server-url',
  'values',
  'measure-value',
  'value-walk',
  'value-kinds',
  'value-difference',
  'codec',
  'adapter',
  'listeners',
  'storage-lock',
  'storage-permission',
  'open-database',
  'delete-database',
  'fresh-log',
  'chunks-of',
  'pace',
  'browser-failures',
  'load-part',
  'handover',
  'pass',
  'life-sign',
  'web-locks',
]
const parts = [
  'choose-backend',
  'configured-backend',
  'open-backend',
  'active-backend',
  'active-record',
  'record-copy',
  'switching',
  'moving',
  'switch-methods',
  'journal',
  'stand-in',
  'sync',
  'loaded-methods',
  'find-import-sources',
  'transfer',
]
// They know all backends.
const registries = ['backends/registry', 'backends/check']
// What backends share, and is none itself.
const backendHelpers = ['gate', 'tab-channel', 'idb-connection', 'key-value']

const mayImport = {
  leaf: ['leaf'],
  mechanism: ['leaf', 'mechanism'],
  'backend helper': ['leaf', 'backend helper'],
  backend: ['leaf', 'backend helper'],
  registry: ['leaf', 'backend', 'backend helper'],
  part: ['leaf', 'mechanism', 'part', 'registry'],
  facade: ['leaf', 'mechanism', 'part', 'registry'],
  singleton: ['leaf', 'facade'],
  testing: ['leaf', 'mechanism', 'backend', 'facade'],
  entry: ['leaf', 'mechanism', 'part', 'facade', 'singleton'],
}

/** Why this import breaks the one-way rule, in words for its author; undefined when it does not. Paths use "/". */
export function whyForbidden(importer, specifier) {
  const from = placeOf(importer)
  if (!from) return undefined
  if (specifier.startsWith('.')) return whyRelativeForbidden(from, joinPath(importer, specifier))
  return whyPackageForbidden(from, specifier)
}

function whyPackageForbidden(from, specifier) {
  if (from.package === 'core' && /^react(-dom)?(\/|$)/.test(specifier)) return 'Core knows no React.'
  const target = /^@unified-storage\/([^/]+)/.exec(specifier)?.[1]
  if (!target || packageOrder.indexOf(target) < packageOrder.indexOf(from.package)) return undefined
  return `Imports run one way, playground -> ui -> react -> core: ${from.package} may not import ${target}.`
}

function whyRelativeForbidden(from, targetPath) {
  const to = placeOf(targetPath)
  if (to?.package !== from.package) return 'Import another package by its name: only its exports are promised.'
  if (from.package !== 'core') return undefined
  const [fromLayer, toLayer] = [layerOf(from.file), layerOf(to.file)]
  if (fromLayer === 'backend' && toLayer === 'backend') return whyBackendForbidden(from.file, to.file)
  if (mayImport[fromLayer].includes(toLayer)) return undefined
  return `In core, a ${fromLayer} may import: ${mayImport[fromLayer].join(', ')}; this is a ${toLayer}.`
}

function whyBackendForbidden(fromFile, toFile) {
  if (backendOf(fromFile) === backendOf(toFile)) return undefined
  return 'A backend never imports another: what they share is a leaf or a backend helper.'
}

/** The package and the file in its sources; undefined for files elsewhere. */
function placeOf(path) {
  const match = /(?:packages|apps)\/([^/]+)\/src\/(.+?)(?:\.tsx?)?$/.exec(path)
  return match ? { package: match[1], file: match[2] } : undefined
}

function layerOf(file) {
  if (file === 'index') return 'entry'
  if (file.startsWith('testing/')) return 'testing'
  if (file === 'unified-storage') return 'facade'
  if (file === 'default-storage') return 'singleton'
  if (leaves.includes(file.split('/')[0])) return 'leaf'
  if (registries.includes(file)) return 'registry'
  if (file.startsWith('backends/')) return backendHelpers.includes(backendOf(file)) ? 'backend helper' : 'backend'
  return parts.includes(file.split('/')[0]) ? 'part' : 'mechanism'
}

function backendOf(file) {
  return file.split('/')[1]
}

function joinPath(importer, specifier) {
  const segments = importer.split('/').slice(0, -1)
  for (const segment of specifier.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '.') segments.push(segment)
  }
  return segments.join('/')
}
