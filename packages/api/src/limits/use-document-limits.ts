import type { Plugin } from 'graphql-yoga'
import { documentLimits, documentLimitsRule } from './document-limits.ts'

/** Yoga plugin: holds every document to {@link documentLimits}, its text while it is parsed, its shape after. */
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
