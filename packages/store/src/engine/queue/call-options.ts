/** On whose behalf a call to an engine is made. */
export interface CallOptions {
  /**
   * Whose turn the call takes: turns are shared equally between callers. Compared by identity.
   * @default one caller that all calls without a caller share
   */
  readonly caller?: unknown
  /** Ends the call: at once when it waits, by a `KILL QUERY` when it runs. The call then rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined
}
