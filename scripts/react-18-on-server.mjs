import Module from 'node:module'
import { join } from 'node:path'

// React DOM 18 lies beside React 19 here, and asks for "react" in Node, where no alias reaches.
const react18 = join(import.meta.dirname, '../packages/react/node_modules/react-18')
const resolveFilename = Module._resolveFilename
Module._resolveFilename = (request, ...others) =>
  resolveFilename.call(Module, request === 'react' ? react18 : request, ...others)
