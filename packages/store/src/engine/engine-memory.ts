import { totalmem } from 'node:os'

const gibibyte = 1024 ** 3

/**
 * What an engine may hold where nobody said, bytes: a quarter of what there is, because the server, Postgres and the
 * disk cache live on the same machine; no less than 1 GiB, of which an open engine takes a quarter.
 * @param available bytes of the machine, or of the container where that has fewer
 */
export function engineMemory(available: number = availableMemory()): number {
  return Math.min(16 * gibibyte, Math.max(gibibyte, Math.floor(available / 4)))
}

function availableMemory(): number {
  // 0: the system knows no limit; without one, some say 2^63.
  return Math.min(totalmem(), process.constrainedMemory() || Infinity)
}
