import type { ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { ApiError } from './api-error.ts'

/**
 * Yoga plugin: what a refusal looks like from outside. Bodies other than JSON are refused, refusals that GraphQL
 * itself leaves without a code get one, and a refusal met while executing refuses the request as a whole: an
 * answer with data must have a 2xx status (GraphQL over HTTP, section 6.4.2), a refusal must not.
 */
export function useRefusals(): Plugin {
  return {
    onRequestParse({ request }) {
      // A browser sends forms and plain text to any site without asking that site first.
      const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
      if (request.method === 'POST' && type !== 'application/json') {
        throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json.')
      }
    },
    onExecutionResult(payload) {
      const { result } = payload
      if (!result || Symbol.asyncIterator in result || Array.isArray(result)) return
      const { data, errors = [], ...rest } = result as ExecutionResult
      for (const { extensions } of errors) {
        if (extensions['code'] !== undefined) continue
        Object.assign(extensions, { code: 'BAD_USER_INPUT', http: { status: 400, spec: true } })
      }
      const refusals = errors.filter(({ extensions }) => extensions['http'] !== undefined)
      if (data !== undefined && refusals.length > 0) payload.setResult({ ...rest, errors: refusals })
    },
  }
}
