export type { OpenStorage } from './open'
export type { FailReads } from './reads-suite'
export { testBackend, type TestBackendOptions } from './suite'
