import { defineConfig, type UserConfig } from 'tsdown'

// The same condition as in workspace-sources.ts, which would bring all of Vite into the build of a package.
const sourceCondition = '@unified-storage/source'

type Manifest = { exports: Record<string, unknown> }

/**
 * Builds what a package's `exports` name: ES modules and declarations, one file per source file. Files stay separate so
 * that a `'use client'` line keeps to its own module and a bundler can drop what an app does not use.
 */
export function packageBuild(manifest: Manifest, extra: UserConfig = {}): UserConfig {
  return defineConfig({
    entry: sourceEntries(manifest),
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    unbundle: true,
    sourcemap: true,
    dts: { sourcemap: true },
    fixedExtension: false,
    ...extra,
  })
}

/** The source files that a package's `exports` name. */
export function sourceEntries({ exports }: Manifest): string[] {
  return Object.values(exports).flatMap((entry) => sourceOf(entry) ?? [])
}

function sourceOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  return (entry as Record<string, string>)[sourceCondition]
}
