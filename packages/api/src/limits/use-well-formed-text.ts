import type { Plugin } from 'graphql-yoga'
import { type DocumentNode, type ExecutionArgs, visit } from 'graphql'
import { ApiError } from '../api-error.ts'

/**
 * Yoga plugin: refuses U+0000 and halves of surrogate pairs in any text of the document or its variables. No record
 * contains them, and Postgres refuses both.
 */
export function useWellFormedText(): Plugin {
  return {
    onExecute: ({ args }) => requireWellFormed(args),
    onSubscribe: ({ args }) => requireWellFormed(args),
  }
}

function requireWellFormed({ variableValues, document }: Pick<ExecutionArgs, 'variableValues' | 'document'>) {
  if (isWellFormed(variableValues) && isDocumentWellFormed(document)) return
  throw new ApiError('BAD_USER_INPUT', 'A text has U+0000 or half of a surrogate pair in it.')
}

function isDocumentWellFormed(document: DocumentNode): boolean {
  let isGood = true
  visit(document, {
    StringValue({ value }) {
      isGood &&= isWellFormed(value)
    },
  })
  return isGood
}

/** Recurses for each level of the value; the limit on nesting bounds it. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  // Keys are names of the schema, or GraphQL refuses them.
  return Object.values(value).every(isWellFormed)
}
