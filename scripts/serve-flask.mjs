import { startFaultProxy } from './lib/fault-proxy.mjs'
import { startFlask } from './lib/flask-servers.mjs'
import { installPython } from './lib/python.mjs'

/** Serves the real backend to the tests of a project, also through a proxy that breaks what they want to see broken. */
export default async function setup(project) {
  if (!(await installPython('requirements.lock'))) return withoutPython(project)
  const flask = await startFlask()
  const proxy = await startFaultProxy(flask, startFlask)
  project.provide('flaskUrl', proxy.url)
  project.provide('flaskServerUrl', flask.url)
  return async () => {
    await proxy.stop()
    await flask.stop()
  }
}

function withoutPython(project) {
  const reason =
    'The Flask backend is not tested: there is no Python 3.11 or newer, or its packages could not be installed.'
  if (process.env.CI === 'true') throw new Error(reason)
  console.warn(reason)
  project.provide('flaskUrl', '')
  project.provide('flaskServerUrl', '')
}
