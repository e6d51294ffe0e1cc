import type { StoredGrant } from '@peerpress/registry'

/** Whether a grant or an offer holds now. */
export function isCurrent(
  { expiresAt, revokedAt }: Pick<StoredGrant, 'expiresAt' | 'revokedAt'>,
  now: number,
): boolean {
  return revokedAt === null && expiresAt > now
}
