import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
export const playground = join(root, 'apps/playground')
export const bench = join(root, 'apps/bench')
export const backend = join(root, 'apps/backend')

/** The published packages, each after those it depends on. */
export const packages = ['core', 'react', 'ui'].map((name) => join(root, 'packages', name))

/** Type tests against the built declarations, as an app would see them. */
export const typeTests = join(root, 'packages/react/type-tests')

/** Every folder with a tsconfig.json of its own. */
export function typescriptProjects() {
  const apps = readdirSync(join(root, 'apps')).map((name) => join(root, 'apps', name))
  return [root, ...packages, typeTests, ...apps].filter((folder) => existsSync(join(folder, 'tsconfig.json')))
}

/** The script behind a tool's command. Run with Node, it needs no shell on any system. */
export function toolScript(packageName, binName = packageName) {
  const folder = join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[binName])
}
