// What an app downloads to store something: see runner/sizes.mjs.
export { createUnifiedStorage } from '@unified-storage/core'
