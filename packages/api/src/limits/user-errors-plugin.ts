import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import {
  type DirectiveNode,
  getArgumentValues,
  getNamedType,
  GraphQLIncludeDirective,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  isInputObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { type UserError, userErrorOf } from '../user-problem.ts'

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      userErrors: UserErrorsPlugin<Types>
    }
  }
}

/** Returns whether a type is the result of a mutation. */
export function isPayload(typeName: string): boolean {
  return typeName.endsWith('Payload')
}

/** The result of a mutation whose input has a problem. */
class RefusedInput {
  readonly userErrors: readonly UserError[]

  constructor(userErrors: readonly UserError[]) {
    this.userErrors = userErrors
  }
}

/** Returns the problems of a mutation's input, from its result. */
export function userErrorsOf(payload: unknown): readonly UserError[] {
  return payload instanceof RefusedInput ? payload.userErrors : []
}

/**
 * Pothos plugin: a mutation whose document selects `userErrors` reports there what a person can correct in the input, and its
 * other fields are null. Documents that do not select it get a refusal, so that no client takes a problem for a success.
 */
class UserErrorsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    if (!isPayload(config.parentType) || config.name === 'userErrors') return config
    return { ...config, type: { ...config.type, nullable: true } }
  }

  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { parentType }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (isPayload(parentType)) {
      return (parent, args, context, info) =>
        parent instanceof RefusedInput && info.fieldName !== 'userErrors'
          ? null
          : resolve(parent, args, context, info)
    }
    if (parentType !== 'Mutation') return resolve
    return async (parent, args, context, info) => {
      try {
        return await resolve(parent, args, context, info)
      } catch (error) {
        const problem = selectsUserErrors(info) ? userErrorOf(error, inputFieldsOf(info)) : null
        if (problem === null) throw error
        return new RefusedInput([problem])
      }
    }
  }
}

/** Returns the paths of a mutation's input fields by their names, with those of the objects in it. */
function inputFieldsOf({ parentType, fieldName }: GraphQLResolveInfo): ReadonlyMap<string, string> {
  const [input] = parentType.getFields()[fieldName]?.args ?? []
  const own = input === undefined ? [] : namesOf(input.type)
  const inner = own.flatMap(([name, type]) =>
    namesOf(type).map(([part]) => [part, `${name}.${part}`] as const),
  )
  return new Map([...inner, ...own.map(([name]) => [name, name] as const)])
}

function namesOf(type: GraphQLInputType): (readonly [name: string, type: GraphQLInputType])[] {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return []
  return Object.values(named.getFields()).map((field) => [field.name, field.type] as const)
}

function selectsUserErrors(info: GraphQLResolveInfo): boolean {
  return info.fieldNodes.some(({ selectionSet }) => selectionSet && isIn(selectionSet, info))
}

/** Returns whether a selection of the mutation's result has `userErrors`, unless a directive leaves it out. */
function isIn({ selections }: SelectionSetNode, info: GraphQLResolveInfo): boolean {
  return selections.some((selection) => {
    if (isLeftOut(selection.directives ?? [], info)) return false
    if (selection.kind === Kind.FIELD) return selection.name.value === 'userErrors'
    if (selection.kind === Kind.INLINE_FRAGMENT) return isIn(selection.selectionSet, info)
    const fragment = info.fragments[selection.name.value]
    return fragment !== undefined && isIn(fragment.selectionSet, info)
  })
}

function isLeftOut(directives: readonly DirectiveNode[], { variableValues }: GraphQLResolveInfo): boolean {
  return directives.some((directive) => {
    const isSkip = directive.name.value === 'skip'
    if (!isSkip && directive.name.value !== 'include') return false
    const definition = isSkip ? GraphQLSkipDirective : GraphQLIncludeDirective
    return getArgumentValues(definition, directive, variableValues)['if'] === isSkip
  })
}

SchemaBuilder.registerPlugin('userErrors', UserErrorsPlugin)
