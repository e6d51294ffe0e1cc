import { totalmem } from 'node:os'

const gibibyte = 1024 ** 3

/**
 * Returns the default memory of an engine, bytes: a quarter of the available memory, because the server, Postgres and
 * the disk cache share the machine. The minimum is 1 GiB, of which an open engine takes a quarter.
 * @param available bytes of the machine, or of the container if that has fewer
 */
export function engineMemory(available: number = availableMemory()): number {
  return Math.min(16 * gibibyte, Math.max(gibibyte, Math.floor(available / 4)))
}

function availableMemory(): number {
  // 0 means that the system knows no limit. Some systems return 2^63 without a limit.
  return Math.min(totalmem(), process.constrainedMemory() || Infinity)
}
