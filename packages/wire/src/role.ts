/** Whether a role works, as its last check found it. */
export interface RoleHealth {
  readonly ok: boolean
  /** Why it does not work; null if it does. */
  readonly detail: string | null
}

/** A part of the server that starts, fails and stops by itself. One process runs one role or several. */
export interface Role {
  /** Stable: configuration, health pages and metrics name the role by it. */
  readonly name: string
  /** Begins the role's work. A start that rejected has left nothing open and may be repeated. */
  start(): Promise<void>
  /** Ends the role's work, also after a failed start. Running work has `within` ms. */
  stop(within: number): Promise<void>
  /** Checks the role. A check that rejects, or does not resolve in time, counts as a failure. */
  health(): Promise<RoleHealth>
}
