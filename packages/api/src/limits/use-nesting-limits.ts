import { Lexer, Source, TokenKind } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { ApiError } from '../api-error.ts'
import { documentLimits } from './document-limits.ts'

/** Maximum nesting of lists and objects in variables and extensions. Inputs of the schema have far fewer levels. */
export const maxValueNesting = 32

/**
 * Yoga plugin: refuses deeper nesting than any query needs, before recursive code handles it: GraphQL's parser, the
 * coercion of variables and the serialization of messages would exhaust the stack.
 */
export function useNestingLimits(): Plugin {
  return {
    onParams({ params: { query, variables, extensions } }) {
      if (typeof query === 'string' && isDocumentTooDeep(query)) {
        throw new ApiError(
          'QUERY_TOO_COMPLEX',
          `The document nests deeper than ${documentLimits.nesting} brackets.`,
        )
      }
      if (isValueTooDeep(variables) || isValueTooDeep(extensions)) {
        throw new ApiError('BAD_USER_INPUT', `A value nests deeper than ${maxValueNesting} levels.`)
      }
    },
  }
}

const opening: ReadonlySet<string> = new Set([TokenKind.PAREN_L, TokenKind.BRACKET_L, TokenKind.BRACE_L])
const closing: ReadonlySet<string> = new Set([TokenKind.PAREN_R, TokenKind.BRACKET_R, TokenKind.BRACE_R])

/** Returns whether a document nests more brackets than allowed. Other invalid documents are left to the parser. */
function isDocumentTooDeep(query: string): boolean {
  if (query.length > documentLimits.length) return false
  const lexer = new Lexer(new Source(query))
  let depth = 0
  try {
    // The parser stops at the same number of tokens.
    for (let count = 0; count < documentLimits.tokens; count += 1) {
      const { kind } = lexer.advance()
      if (kind === TokenKind.EOF) return false
      if (opening.has(kind)) depth += 1
      else if (closing.has(kind)) depth -= 1
      if (depth > documentLimits.nesting) return true
    }
  } catch {
    // The text is no GraphQL. The parser reports the error and its position.
  }
  return false
}

function isValueTooDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; depth <= maxValueNesting; depth += 1) {
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : [],
    )
    if (level.length === 0) return false
  }
  return true
}
