import type { Plugin } from 'graphql-yoga'
import { documentLimits, documentLimitsRule } from './document-limits.ts'

/**
 * Yoga plugin: applies {@link documentLimits} to every document, to its text during parsing and to its structure
 * afterwards.
 */
export function useDocumentLimits(): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) =>
        parseFn(source, {
          ...options,
          maxSourceLength: documentLimits.length,
          maxLexicalTokens: documentLimits.tokens,
          maxComments: documentLimits.comments,
        }),
      )
    },
    onValidate({ addValidationRule }) {
      addValidationRule(documentLimitsRule)
    },
  }
}
