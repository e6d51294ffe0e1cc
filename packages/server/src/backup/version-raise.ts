/** Versions that a restore leaves free, however old the backup is: for clocks that are wrong, and days of great haste. */
const leastRaise = 2 ** 20
/** Versions of one post a second that were perhaps issued since: each fetches a page, signs and commits. */
const versionsPerSecond = 4

/**
 * By how much versions rise when a backup of `createdAt` is restored at `now`, ms since the Unix epoch: past all that can
 * have been issued since, by the server that was backed up and by others that were restored from the same backup.
 * Versions go up to 2^31: that is 17 years of backups' ages, and 2,000 restores.
 */
export function versionRaise(createdAt: number, now: number): number {
  const seconds = Math.max(0, Math.ceil((now - createdAt) / 1000))
  return leastRaise + versionsPerSecond * seconds
}
