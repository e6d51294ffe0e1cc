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

/** Ends one part of a role. */
export type StopPart = () => Promise<void>

export interface RoleOfParts extends Pick<Role, 'name' | 'health'> {
  /** Starts the role's parts and gives `started` what ends each of them. If it rejects, those are ended. */
  readonly startParts: (started: (stop: StopPart) => void) => Promise<void>
}

/** Makes a role of parts. All of them are ended together, also when one rejects; then the role rejects with its reason. */
export function roleOfParts({ name, startParts, health }: RoleOfParts): Role {
  const running: StopPart[] = []
  const stop = async () => {
    const ends = await Promise.allSettled(running.splice(0).map((end) => end()))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
  return {
    name,
    start: async () => {
      try {
        await startParts((part) => {
          running.push(part)
        })
      } catch (error) {
        await Promise.allSettled(running.splice(0).map((end) => end()))
        throw error
      }
    },
    stop,
    health,
  }
}
