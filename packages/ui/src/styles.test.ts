import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'

// Each starts the compiler, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const here = import.meta.dirname

describe('styles.css', () => {
  let css = ''
  beforeAll(() => {
    css = compile(readFileSync(join(here, 'styles.css'), 'utf8'))
  })

  it('touches nothing of a host: every rule of an element names the panel', () => {
    const selectors = css.match(/^ {2}[^\s@}{][^{};]*(?= \{$)/gm) ?? []
    const foreign = selectors
      .map((selector) => selector.trim())
      .filter((selector) => !/us\\:|data-us-root/.test(selector))
    expect(selectors.length).toBeGreaterThan(50)
    expect(foreign).toEqual([':root, :host'])
  })

  it('sets nothing but its own variables on the root', () => {
    const root = /:root, :host \{([^}]*)\}/.exec(css)?.[1] ?? ''
    const names = root.split('\n').flatMap((line) => /^\s*([\w-]+):/.exec(line)?.[1] ?? [])
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !name.startsWith('--us-'))).toEqual([])
  })

  it('has layers of its own, and no preflight', () => {
    const layers = [...css.matchAll(/^@layer ([^{;]+)/gm)].flatMap(([, names = '']) => names.trim().split(', '))
    expect(new Set(layers)).toEqual(new Set(['properties', 'us.theme', 'us.base', 'us.utilities']))
    expect(css).not.toMatch(/-webkit-text-size-adjust|^\s*(html|body)[\s,{]/m)
  })

  it('gives starting values, for browsers that cannot register properties, to variables of Tailwind only', () => {
    const fallback = css.slice(css.lastIndexOf('@layer properties'))
    const names = fallback.split('\n').flatMap((line) => /^ {6}([\w-]+):/.exec(line)?.[1] ?? [])
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !name.startsWith('--tw-'))).toEqual([])
  })

  it('follows the system unless the host says which of light and dark it is', () => {
    expect(css).toMatch(/us\\:scheme-auto \{\s+color-scheme: light dark;/)
  })

  it('lets a host set each colour, and has a light and a dark one where it does not', () => {
    expect(css).toMatch(/background-color: var\(--us-surface, light-dark\(#\w+, #\w+\)\)/)
  })
})

describe('tailwind.css', () => {
  it('makes the same classes in a host that builds with Tailwind and has no prefix', () => {
    const css = compile("@import 'tailwindcss' source(none);\n@import './tailwind.css';")
    expect(css).toMatch(/\.us\\:bg-us-surface \{\s+background-color: var\(--us-surface, light-dark\(/)
    expect(css).toMatch(/\.us\\:scheme-auto \{/)
    expect(css).toMatch(/\.us\\:p-4 \{\s+padding: calc\(var\(--spacing\) \* 4\)/)
  })
})

/** As the package's build does it, but readable. */
function compile(source: string): string {
  const manifest = createRequire(import.meta.url).resolve('@tailwindcss/cli/package.json')
  const cli = join(dirname(manifest), 'dist', 'index.mjs')
  return execFileSync(process.execPath, [cli, '--input', '-', '--output', '-'], {
    cwd: here,
    input: source,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
}
