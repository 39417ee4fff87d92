import { transformAsync } from '@babel/core'

/** A Vite plugin that applies the React Compiler to the hooks and to their tests' components, as an app's build would. */
export function reactCompiler() {
  return {
    name: 'react-compiler',
    enforce: /** @type {const} */ ('pre'),
    transform: {
      filter: { id: /\/packages\/react\/src\/.*\.tsx?(\?|$)/ },
      handler: compile,
    },
  }
}

async function compile(code, id) {
  const { code: compiled, map } = await transformAsync(code, {
    filename: id.split('?')[0],
    babelrc: false,
    configFile: false,
    sourceMaps: true,
    parserOpts: { plugins: ['typescript', 'jsx'] },
    plugins: ['babel-plugin-react-compiler'],
  })
  return { code: compiled, map }
}
