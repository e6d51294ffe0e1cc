import type { ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { ApiError } from './api-error.ts'

/**
 * Yoga plugin: shapes refusals. Bodies other than JSON are refused. Refusals that GraphQL leaves without a code get
 * one. A refusal during execution refuses the request as a whole: a response with data must have a 2xx status (GraphQL
 * over HTTP, section 6.4.2), a refusal must not.
 */
export function useRefusals(): Plugin {
  return {
    onRequestParse({ request, url }) {
      // A browser sends forms and plain text to other sites without a preflight request.
      const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
      if (request.method === 'POST' && type !== 'application/json') {
        throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json.')
      }
      // GraphQL over HTTP, section 5.1: a body that is not JSON is not a well-formed request.
      for (const name of request.method === 'GET' ? ['variables', 'extensions'] : []) {
        if (!isJson(url.searchParams.get(name))) {
          throw new ApiError('BAD_REQUEST', `The parameter "${name}" is not JSON.`)
        }
      }
    },
    onParams({ params: { operationName } }) {
      if (operationName != null && typeof operationName !== 'string') {
        throw new ApiError('BAD_REQUEST', 'Expected "operationName" param to be a string.')
      }
    },
    onResponse({ response }) {
      // Responses contain data for this caller alone, and change with every view.
      response.headers.set('Cache-Control', 'no-store')
    },
    onExecutionResult(payload) {
      const { result } = payload
      if (!result || Symbol.asyncIterator in result || Array.isArray(result)) return
      const { data, errors = [], ...rest } = result as ExecutionResult
      for (const { extensions } of errors) {
        if (extensions['code'] !== undefined) continue
        Object.assign(extensions, { code: 'BAD_USER_INPUT', http: { status: 400, spec: true } })
      }
      const refusals = onceEach(errors.filter(({ extensions }) => extensions['http'] !== undefined))
      if (data !== undefined && refusals.length > 0) payload.setResult({ ...rest, errors: refusals })
    },
  }
}

/** Merges equal errors: a refusal ends all other fields, and each of them reports the same reason. */
function onceEach(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  return [...new Map(errors.map((error) => [error.message, error])).values()]
}

function isJson(text: string | null): boolean {
  if (text === null || text === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
