import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import typescript from 'typescript-eslint'
import { oneWayImports } from './scripts/eslint/one-way-imports.mjs'

const tests = [
  '**/*.test.{ts,tsx,mjs}',
  '**/*.test.helpers.{ts,tsx,mjs}',
  '**/*.stories.tsx',
  '**/e2e/**',
  '**/backends/*/testing/**',
]
const sources = ['packages/*/src/**/*.{ts,tsx}', 'apps/*/src/**/*.{ts,tsx}']

const noExportAll = {
  selector: 'ExportAllDeclaration',
  message: 'Name what is exported: an index file is the list of what is promised.',
}

export default defineConfig([
  globalIgnores([
    '**/dist/',
    '**/.venv/',
    '**/storybook-static/',
    '**/coverage/',
    // Apps of other people, with tools and types of their own.
    'fixtures/consumers/*/',
  ]),
  js.configs.recommended,
  {
    rules: {
      complexity: ['error', 12],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', noExportAll],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [typescript.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An async function without await turns what it throws into a rejection, which is what callers are promised.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Objects here are closures and know no "this"; taking a method from one is how hooks hand them out.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Not core: there, a function called "use" is no hook.
    files: ['packages/{react,ui}/src/**', 'apps/*/src/**', '**/*.stories.tsx'],
    ...reactHooks.configs.flat.recommended,
  },
  {
    files: sources,
    ignores: tests,
    plugins: { local: { rules: { 'one-way-imports': oneWayImports } } },
    rules: { 'local/one-way-imports': 'error' },
  },
  {
    files: ['packages/*/src/**'],
    ignores: tests,
    rules: {
      'no-console': 'error',
      // The packages run in browsers and workers; the types of Node are there for their tests.
      'no-restricted-globals': ['error', 'process', 'Buffer', 'global'],
      'no-restricted-imports': ['error', { patterns: ['node:*'] }],
    },
  },
  {
    files: ['**/*.{ts,tsx,mjs}'],
    ignores: tests,
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: tests,
    rules: {
      // Tests hand wrong things to the code on purpose.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
])
