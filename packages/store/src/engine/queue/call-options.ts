/** Options of a call to an engine. */
export interface CallOptions {
  /**
   * The caller whose turn the call uses. Callers share turns equally and are compared by identity.
   * @default one caller that all calls without a caller share
   */
  readonly caller?: unknown
  /** Cancels the call: a waiting one at once, a running one by `KILL QUERY`. The call then rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined
}
