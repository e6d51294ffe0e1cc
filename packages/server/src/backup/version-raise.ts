/** The minimum raise, also for a fresh backup: for wrong clocks, and for days with many publications. */
const leastRaise = 2 ** 20
/** The maximum rate of new versions of one post, per second. Each version fetches a page, signs and commits. */
const versionsPerSecond = 4

/**
 * Returns by how much versions rise when a backup of `createdAt` is restored at `now`, ms since the Unix epoch. The raise
 * exceeds all versions that the backed-up server, or others restored from the same backup, can have issued since. Versions
 * go up to 2^31, which suffices for backups of 17 years in total and for 2,000 restores.
 */
export function versionRaise(createdAt: number, now: number): number {
  const seconds = Math.max(0, Math.ceil((now - createdAt) / 1000))
  return leastRaise + versionsPerSecond * seconds
}
