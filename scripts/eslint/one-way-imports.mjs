import { whyForbidden } from './layers.mjs'

/** The lint rule that keeps imports running one way; see layers.mjs for the order. */
export const oneWayImports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const importer = context.filename.replaceAll('\\', '/')
    const check = ({ source }) => {
      if (typeof source?.value !== 'string') return
      const message = whyForbidden(importer, source.value)
      if (message) context.report({ node: source, message })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}
