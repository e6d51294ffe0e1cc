import { StreamProviderError } from 'ai'
import { ModelError } from './model-error.ts'

/**
 * Returns the failure that an endpoint reports in the middle of a stream, in the form of OpenAI's API: an object with `code` and
 * `type`. Returns null for anything else. Its message is not shown, because it may have the key.
 * @param hasText whether a part of the answer was sent before
 */
export function streamedErrorOf(
  error: unknown,
  { host, hasText }: { readonly host: string; readonly hasText: boolean },
): ModelError | null {
  // The library gives an object without a message on as it is.
  const isReported = StreamProviderError.isInstance(error) || !(error instanceof Error)
  if (typeof error !== 'object' || error === null || !isReported) return null
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown }
  const kind = [code, type].map((each) => String(each).slice(0, 100).toLowerCase()).join(' ')
  const options = { hasBegun: hasText }
  if (/\b40[13]\b|api_?key|auth|expired|permission/.test(kind)) {
    return new ModelError(
      'unauthorized',
      `${host} refuses the key in the middle of its answer. Enter a valid one.`,
      options,
    )
  }
  if (/\b429\b|limit|quota|overload/.test(kind)) {
    return new ModelError(
      'rate-limited',
      `${host} stopped in the middle: it has reached its rate limit.`,
      options,
    )
  }
  return new ModelError('unavailable', `${host} reports an error in the middle of its answer.`, options)
}
