import { defaultClientConditions, defaultServerConditions, type UserConfig } from 'vite'

/** The export condition under which each package's `exports` name its sources. Nobody outside this repo sets it. */
export const sourceCondition = '@unified-storage/source'

/** Makes Vite take the workspace's packages from their sources, for tests and stories; an app takes their dist. */
export const fromSources: UserConfig = {
  resolve: { conditions: [sourceCondition, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [sourceCondition, ...defaultServerConditions] } },
}
