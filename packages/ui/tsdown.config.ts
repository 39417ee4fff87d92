import { packageBuild } from '../../tsdown.shared.ts'
import manifest from './package.json' with { type: 'json' }

export default packageBuild(manifest, { copy: ['src/tailwind.css'] })
