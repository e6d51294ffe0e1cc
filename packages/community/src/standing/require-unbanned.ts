import type { MemberStanding } from '@peerpress/registry'
import { CommunityError } from '../community-error.ts'

/** @throws {CommunityError} `banned` */
export function requireUnbanned(member: Pick<MemberStanding, 'isBanned'> | null): void {
  if (member?.isBanned === true) {
    throw new CommunityError('banned', 'The site is banned from the community. It can appeal.')
  }
}
