/** How much of a site is fetched at most, and how long it may take. Sizes in bytes, times in ms. */
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
   * The slowest response that is waited for, bytes/s: after `rateGrace` a response must have delivered as many bytes as
   * this rate gives. Without it a byte every few seconds holds a worker until the total timeout.
   */
  readonly minRate: number
  readonly rateGrace: number
  /** From the page's request to the end of its body: name resolution, connections and redirects included. */
  readonly pageTimeout: number
  /** The same for each asset. */
  readonly assetTimeout: number
  /** The whole post: its page and all of its assets. */
  readonly postTimeout: number
  /** From the moment the page is parsed to the first version, which has the media that arrived by then. */
  readonly publishAfter: number
}

/** How long a response that has delivered so many bytes may have taken, ms from its request. */
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
  // Linux sends SYN again after 1, 3 and 7 s (RFC 6298): three lost packets are survived.
  connectTimeout: 10_000,
  // Twice as long as a shared host's PHP usually may run for a page that no cache has.
  headersTimeout: 20_000,
  idleTimeout: 20_000,
  // A fifth of what each of three requests gets from a site behind an uplink of 1 Mbit/s.
  minRate: 8 * 1024,
  rateGrace: 20_000,
  // The largest page at 1.1 Mbit/s.
  pageTimeout: 60_000,
  // The largest asset at 3.6 Mbit/s.
  assetTimeout: 10 * 60_000,
  // The largest post at 9.5 Mbit/s. What has not arrived by then is fetched by the next attempt.
  postTimeout: 15 * 60_000,
  // Readers of a flash crowd come within minutes; one slow picture must not keep the others from them.
  publishAfter: 10_000,
}
