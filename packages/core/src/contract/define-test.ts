/** Takes one test: Vitest's own `test`, or what runs the suite on backends that are broken on purpose. */
export type DefineTest = (name: string, run: () => Promise<void>, timeoutMs?: number) => void
