/** Limits of a browser probe. Sizes are in bytes, times in ms. */
export interface BrowserProbeLimits {
  /** From the request of the page to its `load` event. */
  readonly loadTimeout: number
  /** From the `load` event until PeerPress's worker is active. */
  readonly workerTimeout: number
  /** The whole probe, including the start of the browser. */
  readonly timeout: number
  /** Bytes of all requests and responses. */
  readonly maxBytes: number
  /** Requests that are reported. */
  readonly maxRequests: number
  /** Memory of all processes of the browser, with shared pages counted once for each process. */
  readonly maxMemory: number
  /** The browser's profile. */
  readonly maxDisk: number
}

export const browserProbeLimits: BrowserProbeLimits = {
  loadTimeout: 30_000,
  workerTimeout: 10_000,
  timeout: 90_000,
  maxBytes: 64 * 1024 ** 2,
  maxRequests: 500,
  // An empty page has 1.1 GiB by this count, 0.3 GiB without counting shared pages twice.
  maxMemory: 3 * 1024 ** 3,
  maxDisk: 256 * 1024 ** 2,
}
