import { packageBuild, sourceEntries } from '../../tsdown.shared.ts'
import manifest from './package.json' with { type: 'json' }

// Nobody imports the worker: it is started by its address.
export default packageBuild(manifest, { entry: [...sourceEntries(manifest), 'src/backends/sqlite/worker.ts'] })
