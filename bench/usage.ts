/** What a server's process has cost so far. */
export interface Usage {
  /** User and system time, ms. */
  readonly cpu: number
  /** Resident bytes after a garbage collection. */
  readonly memory: number
}

/** Of this process. Memory is exact only under `--expose-gc`. */
export function usage(): Usage {
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  return { cpu: (user + system) / 1000, memory: process.memoryUsage.rss() }
}
