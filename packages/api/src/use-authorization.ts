import type { Plugin } from 'graphql-yoga'
import { getOperationAST } from 'graphql'
import { ApiError } from './api-error.ts'
import type { OperationContext, Viewer } from './context.ts'

/** Yoga plugin: refuses requests without a token before their body is read, and mutations of anyone but an operator. */
export function useAuthorization(authorize: (request: Request) => Viewer): Plugin<OperationContext> {
  return {
    onRequestParse({ request }) {
      if (authorize(request) === 'nobody') {
        throw new ApiError('UNAUTHENTICATED', 'Send the operator token as "Authorization: Bearer TOKEN".')
      }
    },
    onExecute({ args }) {
      const operation = getOperationAST(args.document, args.operationName)
      if (operation?.operation === 'mutation' && args.contextValue.viewer !== 'operator') {
        throw new ApiError('FORBIDDEN', 'Only an operator may change something.')
      }
    },
  }
}
