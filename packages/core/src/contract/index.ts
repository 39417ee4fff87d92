export type { OpenStorage } from './open'
export { testBackend, type TestBackendOptions } from './suite'
