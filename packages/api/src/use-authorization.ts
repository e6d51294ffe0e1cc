import type { Plugin } from 'graphql-yoga'
import { getOperationAST } from 'graphql'
import { ApiError } from './api-error.ts'
import type { ApiRequest, OperationContext } from './context.ts'

/**
 * Yoga plugin: refuses requests of nobody before their body is read, and mutations of readers or of another site's page. What
 * a principal may do with a site is checked where the site is loaded: `siteOf` and `requireSite`.
 */
export function useAuthorization(): Plugin<OperationContext, ApiRequest> {
  return {
    onRequestParse({ serverContext }) {
      if (serverContext.sender.principal.kind !== 'nobody') return
      throw new ApiError('UNAUTHENTICATED', 'Sign in, or send a token as "Authorization: Bearer TOKEN".')
    },
    onExecute({ args }) {
      const operation = getOperationAST(args.document, args.operationName)
      if (operation?.operation !== 'mutation') return
      const { principal, mutationRefusal } = args.contextValue
      if (principal.kind === 'reader') throw new ApiError('FORBIDDEN', 'Sign in to change something.')
      if (mutationRefusal !== null) throw new ApiError('FORBIDDEN', mutationRefusal)
    },
  }
}
