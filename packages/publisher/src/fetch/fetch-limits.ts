/** Limits of the sizes and times of fetches from a site. Sizes are in bytes, times in ms. */
export interface FetchLimits {
  readonly maxAsset: number
  /** All assets of a post together. */
  readonly maxPost: number
  /** The post's HTML. */
  readonly maxPage: number
  readonly maxRedirects: number
  readonly connectTimeout: number
  /** From the request to the end of the response's headers, for each redirect. */
  readonly headersTimeout: number
  /** Between two pieces of the body. */
  readonly idleTimeout: number
  /**
   * Minimum rate of a response, bytes/s. After `rateGrace` a response must have delivered as many bytes as this rate
   * allows for. Without it, a site could hold a worker until the total timeout by sending a byte every few seconds.
   */
  readonly minRate: number
  readonly rateGrace: number
  /** From the page's request to the end of its body, including name resolution, connections and redirects. */
  readonly pageTimeout: number
  /** The same for each asset. */
  readonly assetTimeout: number
  /** The whole post: its page and all of its assets. */
  readonly postTimeout: number
  /** From the end of parsing the page until the first version, which has the media that have arrived by then. */
  readonly publishAfter: number
}

/** Returns the maximum duration of a response that has delivered so many bytes, ms from its request. */
export function timeFor(
  bytes: number,
  { minRate, rateGrace }: Pick<FetchLimits, 'minRate' | 'rateGrace'>,
): number {
  return rateGrace + (bytes / minRate) * 1000
}

export const defaultFetchLimits: FetchLimits = {
  maxAsset: 256 * 1024 * 1024,
  maxPost: 1024 * 1024 * 1024,
  maxPage: 8 * 1024 * 1024,
  maxRedirects: 5,
  // Linux repeats SYN after 1, 3 and 7 s (RFC 6298), so three lost packets are tolerated.
  connectTimeout: 10_000,
  // Twice the usual time limit of PHP on shared hosting, for a page that no cache has.
  headersTimeout: 20_000,
  idleTimeout: 20_000,
  // A fifth of the rate of each of three requests to a site behind an uplink of 1 Mbit/s.
  minRate: 8 * 1024,
  rateGrace: 20_000,
  // The largest page at 1.1 Mbit/s.
  pageTimeout: 60_000,
  // The largest asset at 3.6 Mbit/s.
  assetTimeout: 10 * 60_000,
  // The largest post at 9.5 Mbit/s. The next attempt fetches the media that are still missing.
  postTimeout: 15 * 60_000,
  // Readers of a flash crowd come within minutes, so one slow picture must not delay the others.
  publishAfter: 10_000,
}
