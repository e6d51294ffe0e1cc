/** How much of a site is fetched at most, and how long it may take. Sizes in bytes, times in ms. */
export interface FetchLimits {
  readonly maxAsset: number
  /** All assets of a post together. */
  readonly maxPost: number
  /** The post's HTML. */
  readonly maxPage: number
  readonly maxRedirects: number
  readonly connectTimeout: number
  /** From the request to the end of the answer's headers. */
  readonly headersTimeout: number
  /** Between two pieces of the body. */
  readonly idleTimeout: number
  /** From the request to the end of the body, redirects included. */
  readonly totalTimeout: number
}

export const defaultFetchLimits: FetchLimits = {
  maxAsset: 256 * 1024 * 1024,
  maxPost: 1024 * 1024 * 1024,
  maxPage: 8 * 1024 * 1024,
  maxRedirects: 5,
  connectTimeout: 10_000,
  headersTimeout: 20_000,
  idleTimeout: 20_000,
  totalTimeout: 10 * 60_000,
}
