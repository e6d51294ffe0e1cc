/** Limits of an HTTP probe. Sizes are in bytes, times in ms. */
export interface HttpProbeLimits {
  /** Of all header fields of a response. */
  readonly maxHeaderSize: number
  readonly maxBody: number
  /** Bytes of the body that are examined. */
  readonly maxStart: number
  readonly maxRedirects: number
  /** From a request to the end of the response's headers, for each redirect. */
  readonly headersTimeout: number
  /** The whole probe. */
  readonly timeout: number
}

export const httpProbeLimits: HttpProbeLimits = {
  maxHeaderSize: 16 * 1024,
  // The size of a page that is published.
  maxBody: 8 * 1024 ** 2,
  maxStart: 64 * 1024,
  maxRedirects: 5,
  // The time in which a page of shared hosting that no cache has is published.
  headersTimeout: 20_000,
  // Three failures in a row are known within four minutes, even if each takes this long.
  timeout: 30_000,
}
