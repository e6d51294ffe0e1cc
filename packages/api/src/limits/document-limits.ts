import type { ASTVisitor, FragmentDefinitionNode, SelectionSetNode, ValidationContext } from 'graphql'
import { ApiError } from '../api-error.ts'

/** Maximum sizes of a GraphQL document. */
export const documentLimits = {
  /** UTF-16 code units of source text. */
  length: 32_768,
  /** Lexical tokens. The introspection query of GraphQL's own tools has about 400. */
  tokens: 2000,
  comments: 500,
  /** Nested brackets of any kind: {@link depth} fields, each with arguments or in a fragment, need half of them. */
  nesting: 64,
  /** Levels of fields. The introspection query of GraphQL's own tools has 15. */
  depth: 16,
  /** Fields after the expansion of fragments, so that neither aliases nor fragments multiply the work. */
  fields: 1000,
} as const

interface Size {
  readonly depth: number
  readonly fields: number
}

/**
 * Validation rule: refuses an operation that is too deep or selects too many fields, after the expansion of fragments.
 */
export function documentLimitsRule(context: ValidationContext): ASTVisitor {
  const fragments = new Map<FragmentDefinitionNode, Size>()
  return {
    OperationDefinition(operation) {
      const { depth, fields } = measure(operation.selectionSet)
      if (depth > documentLimits.depth) {
        context.reportError(
          new ApiError(
            'QUERY_TOO_COMPLEX',
            `The query is ${depth} fields deep; ${documentLimits.depth} are allowed.`,
          ),
        )
      }
      if (fields > documentLimits.fields) {
        context.reportError(
          new ApiError(
            'QUERY_TOO_COMPLEX',
            `The query asks for ${fields} fields; ${documentLimits.fields} are allowed.`,
          ),
        )
      }
    },
  }

  function measure(selectionSet: SelectionSetNode): Size {
    let depth = 0
    let fields = 0
    for (const selection of selectionSet.selections) {
      let size: Size
      if (selection.kind === 'FragmentSpread') size = measureFragment(selection.name.value)
      else if (selection.kind === 'InlineFragment') size = measure(selection.selectionSet)
      else {
        const inner = selection.selectionSet ? measure(selection.selectionSet) : { depth: 0, fields: 0 }
        size = { depth: inner.depth + 1, fields: inner.fields + 1 }
      }
      depth = Math.max(depth, size.depth)
      fields += size.fields
    }
    return { depth, fields }
  }

  function measureFragment(name: string): Size {
    const fragment = context.getFragment(name)
    if (!fragment) return { depth: 0, fields: 0 }
    const known = fragments.get(fragment)
    if (known) return known
    // A fragment that occurs while it is measured is a cycle, which a rule of the specification refuses.
    fragments.set(fragment, { depth: 0, fields: 0 })
    const size = measure(fragment.selectionSet)
    fragments.set(fragment, size)
    return size
  }
}
