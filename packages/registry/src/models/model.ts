import type { SiteId } from '@peerpress/wire'

/** `endpoint`: an OpenAI-compatible HTTP API. `local`: a GGUF file of the server. */
export const modelKinds = ['endpoint', 'local'] as const
export type ModelKind = (typeof modelKinds)[number]

/** What a model's tokens cost. One unit of money is 1,000,000 micro-units of the currency. */
export interface ModelPrices {
  /** Micro-units for a million tokens of input. */
  readonly input: number
  /** Micro-units for a million tokens of output. */
  readonly output: number
  /** ISO 4217 */
  readonly currency: string
}

/** The model that writes a site's drafts. */
export interface Model {
  readonly site: SiteId
  readonly kind: ModelKind
  /** The URL before `/chat/completions`; null for a local model. */
  readonly baseUrl: string | null
  /** The endpoint's name of the model, or the name of a GGUF file. */
  readonly name: string
  readonly hasKey: boolean
  /** Whether an administrator let the endpoint have a private address. */
  readonly allowPrivateAddresses: boolean
  /** Null if they are unknown: then the budget counts tokens. */
  readonly prices: ModelPrices | null
  /** A month's budget: micro-units of the prices' currency, or tokens without prices. */
  readonly budget: number
  /** The maximum length of one answer, tokens. */
  readonly maxOutputTokens: number
  readonly changedAt: Date
}

/** What one site's model used in a month (UTC). A call that has not ended counts with its maximum. */
export interface ModelUse {
  /** `YYYY-MM` */
  readonly month: string
  readonly tokens: number
  /** Micro-units of the currency that the prices had at the time of each call. */
  readonly cost: number
  readonly calls: number
}

/** Returns the cost of a call in micro-units, rounded up; 0 without prices. */
export function costOf(
  prices: Pick<ModelPrices, 'input' | 'output'> | null,
  tokens: { readonly input: number; readonly output: number },
): number {
  if (prices === null) return 0
  return Math.ceil((tokens.input * prices.input + tokens.output * prices.output) / 1_000_000)
}
