import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** The generated file of the dashboard's documents. */
const generated = /\/src\/generated\/graphql\.ts$/
/** A document in it: the generator writes a template literal without substitutions. */
const documentText = /new TypedDocumentString\(`((?:[^`\\$]|\$(?!\{))*)`/g

/**
 * Vite plugin: the built dashboard has the id and the operation's name in place of each document, and `documents.json` has the texts for the server. In
 * development the dashboard sends the texts.
 */
export function persistDocuments(): Plugin {
  const documents = new Map<string, string>()
  return {
    name: 'persist-documents',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!generated.test(id)) return null
      return {
        code: code.replace(documentText, (_match, text: string) => {
          // A fragment alone is no document.
          if (/^\s*fragment /.test(text)) return 'new TypedDocumentString(``'
          const documentId = `sha256:${createHash('sha256').update(text).digest('hex')}`
          documents.set(documentId, text)
          const [, name = ''] = /(?:query|mutation|subscription) (\w+)/.exec(text) ?? []
          return `new TypedDocumentString(\`${documentId} ${name}\``
        }),
        map: null,
      }
    },
    generateBundle() {
      const source = JSON.stringify(Object.fromEntries(documents))
      this.emitFile({ type: 'asset', fileName: 'documents.json', source })
    },
  }
}
