import { join } from 'node:path'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { sparkKVServer } from './packages/core/test-servers/spark-kv.ts'
import { chromiumLaunchOptions } from './scripts/find-chromium.mjs'
import { reactCompiler } from './scripts/react-compiler.mjs'
import { fromSources } from './workspace-sources.ts'

// More files at once than there are cores would make timing wild.
const atOnce = 2

// A new object each time: Vitest writes the project's name into it.
const inChromium = () => ({
  // Each worker is a page with storage of its own. Browsers do not get the number that is set for all projects below.
  maxWorkers: atOnce,
  browser: {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    provider: playwright({ launchOptions: chromiumLaunchOptions() }),
    instances: [{ browser: 'chromium' as const }],
  },
})

const unit: TestProjectInlineConfiguration = {
  ...fromSources,
  test: {
    name: 'unit',
    include: ['packages/*/src/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/*.browser.test.*'],
  },
}

const browser: TestProjectInlineConfiguration = {
  ...fromSources,
  plugins: [react(), sparkKVServer()],
  test: {
    name: 'browser',
    include: ['packages/*/src/**/*.browser.test.{ts,tsx}'],
    globalSetup: ['scripts/serve-flask.mjs'],
    ...inChromium(),
  },
}

// Where one React may do something else than another: when it draws, in which order effects run, how it waits and takes over.
const acrossReacts = [
  ...['which-react', 'drop-in', 'screen', 'updaters', 'defaults', 'loading', 'hydration', 'suspense', 'rendering'],
  ...['one-change', 'life', 'schema', 'waiting-writes'],
].map((name) => `packages/react/src/${name}.browser.test.tsx`)

// A path, so that the one copy is found from everywhere.
const reactFolder = (name: string): string => join(import.meta.dirname, 'packages/react/node_modules', name)

const react18: TestProjectInlineConfiguration = {
  ...fromSources,
  resolve: {
    ...fromSources.resolve,
    alias: { react: reactFolder('react-18'), 'react-dom': reactFolder('react-dom-18') },
  },
  plugins: [react()],
  test: { name: 'react-18', include: acrossReacts, env: { VITE_REACT_MAJOR: '18' }, ...inChromium() },
}

// Rendering on a server.
const react18OnServer: TestProjectInlineConfiguration = {
  ...fromSources,
  resolve: react18.resolve,
  test: {
    name: 'react-18-server',
    include: ['server', 'initial-data'].map((name) => `packages/react/src/${name}.test.tsx`),
    setupFiles: ['scripts/react-18-on-server.mjs'],
    // So that the alias reaches it.
    server: { deps: { inline: [/@tanstack/] } },
    env: { VITE_REACT_MAJOR: '18' },
  },
}

const withReactCompiler: TestProjectInlineConfiguration = {
  ...fromSources,
  plugins: [reactCompiler(), react()],
  optimizeDeps: { include: ['react/compiler-runtime'] },
  test: { name: 'react-compiler', include: acrossReacts, env: { VITE_REACT_COMPILER: 'yes' }, ...inChromium() },
}

// Its Vite settings are Storybook's own, from .storybook/main.ts.
const storybook: TestProjectInlineConfiguration = {
  plugins: [storybookTest({ configDir: join(import.meta.dirname, '.storybook') })],
  // Some type a whole address, or unpack a hundred megabytes.
  test: { name: 'storybook', testTimeout: 60_000, ...inChromium() },
}

const e2e: TestProjectInlineConfiguration = {
  test: {
    name: 'e2e',
    include: ['apps/playground/e2e/**/*.test.ts'],
    globalSetup: ['apps/playground/e2e/setup/serve-playground.ts', 'scripts/serve-flask.mjs'],
    // Each file drives a whole browser.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}

const consumers: TestProjectInlineConfiguration = {
  test: {
    name: 'consumers',
    include: ['fixtures/consumers/*.test.mjs'],
    globalSetup: ['fixtures/consumers/provide-tarballs.mjs'],
    testTimeout: 120_000,
    // Installs an app and builds it.
    hookTimeout: 300_000,
  },
}

const scripts: TestProjectInlineConfiguration = {
  test: {
    name: 'scripts',
    include: ['scripts/**/*.test.mjs', 'apps/bench/runner/**/*.test.mjs'],
    testTimeout: 30_000,
  },
}

export default defineConfig({
  test: {
    maxWorkers: atOnce,
    projects: [unit, browser, react18, react18OnServer, withReactCompiler, storybook, e2e, consumers, scripts],
  },
})
