import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText, wrapLanguageModel } from 'ai'
import { createEndpointFetch, type EndpointFetchOptions, modelErrorOf } from './endpoint-fetch.ts'
import { ModelError } from './model-error.ts'
import { streamedErrorOf } from './streamed-error.ts'
import type { TextAnswer, TextModel, TextRequest } from './text-model.ts'

export interface EndpointModelOptions extends EndpointFetchOptions {
  /** The URL before `/chat/completions`. */
  readonly baseUrl: string
  readonly name: string
  /** Sent as a bearer token; null for none. */
  readonly key: string | null
}

/** Characters of an answer for each token of its limit. A token of the usual vocabularies has four, seldom above twenty. */
const charactersPerToken = 20

/** Creates a model behind an OpenAI-compatible endpoint. Its answers are streamed. */
export function createEndpointModel(options: EndpointModelOptions): TextModel {
  const { baseUrl, name, key } = options
  const endpoint = createEndpointFetch(options)
  const provider = createOpenAICompatible({
    name: 'site-model',
    baseURL: baseUrl,
    ...(key !== null && { apiKey: key }),
    fetch: endpoint.fetch,
    includeUsage: true,
    supportsStructuredOutputs: true,
  })
  const { host } = new URL(baseUrl)
  return {
    write: (request) => write(provider.chatModel(name), request, host),
    close: () => endpoint.close(),
  }
}

type ChatModel = Parameters<typeof wrapLanguageModel>[0]['model']

async function write(model: ChatModel, request: TextRequest, host: string): Promise<TextAnswer> {
  const { instructions, prompt, schema, maxOutputTokens, signal, onText } = request
  const ending = new AbortController()
  const result = streamText({
    model: withSchema(model, schema),
    instructions,
    prompt,
    maxOutputTokens,
    maxRetries: 0,
    abortSignal: AbortSignal.any([signal, ending.signal]),
    // Errors are parts of the stream, which is read below.
    onError: () => undefined,
  })
  let text = ''
  try {
    const parts = result.stream[Symbol.asyncIterator]()
    for (;;) {
      const { done, value: part } = await parts.next()
      if (done === true) throw cutOff(host)
      if (part.type === 'error') {
        throw streamedErrorOf(part.error, { host, hasText: text !== '' }) ?? part.error
      }
      if (part.type === 'abort') throw cutOff(host)
      if (part.type === 'text-delta') {
        text += part.text
        if (text.length > maxOutputTokens * charactersPerToken) {
          throw new ModelError(
            'endless',
            `${host} sends more than the ${maxOutputTokens} tokens that were asked for.`,
          )
        }
        onText(part.text)
      }
      if (part.type === 'finish') {
        // A stream that ends without the reason of its end was cut.
        if (part.rawFinishReason === undefined) throw cutOff(host)
        const { inputTokens, outputTokens } = part.totalUsage
        return { text, usage: usageOf(inputTokens, outputTokens) }
      }
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw modelErrorOf(error, host)
  } finally {
    // The iterator is not asked to return: it would wait for the end of an answer that may never end.
    ending.abort()
  }
}

function cutOff(host: string): ModelError {
  return new ModelError('cut-off', `The connection to ${host} ended before the answer did.`)
}

/**
 * Requests JSON of a schema. The library's own option for it holds text back until it is a part of such JSON, so that an answer
 * which is none would have no end.
 */
function withSchema(model: ChatModel, schema: TextRequest['schema']) {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => ({
        ...params,
        responseFormat: { type: 'json', name: 'draft', schema },
      }),
    },
  })
}

/** An endpoint may report anything. */
function usageOf(input: number | undefined, output: number | undefined): TextAnswer['usage'] {
  const isCount = (value: number | undefined): value is number =>
    Number.isSafeInteger(value) && (value ?? -1) >= 0
  return isCount(input) && isCount(output) && input < 1e9 && output < 1e9 ? { input, output } : null
}
