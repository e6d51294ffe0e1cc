import type { MemberStanding } from '@peerpress/registry'
import type { LedgerEvent } from '../ledger/entry.ts'

/** ms after which a proof is too old for the next one to follow it: the 30 days in which it is repeated, and a week of retries. */
export const proofMemory = 37 * 86_400_000

/** Returns a member site's standing after an entry about it; null if the entry says nothing about its standing. */
export function memberAfter(before: MemberStanding | null, event: LedgerEvent): MemberStanding | null {
  switch (event.kind) {
    case 'proof':
      return event.member === null ? null : afterProof(before, event, event.member)
    case 'left':
      return before === null ? null : { ...before, hasLeft: true }
    case 'decision': {
      const { subject, action } = event.body
      if (subject.type !== 'member' || (action !== 'ban' && action !== 'unban')) return null
      return { ...(before ?? unproven(subject.id)), isBanned: action === 'ban' }
    }
    default:
      return null
  }
}

function afterProof(
  before: MemberStanding | null,
  { at, body }: LedgerEvent & { readonly kind: 'proof' },
  member: string,
): MemberStanding {
  const now = at.getTime()
  const isFollowing =
    before !== null &&
    !before.hasLeft &&
    before.provenAt !== null &&
    now - before.provenAt <= proofMemory &&
    before.site === body.site
  return {
    member,
    site: body.site,
    since: isFollowing ? before.since : now,
    provenAt: now,
    hasLeft: false,
    isBanned: before?.isBanned ?? false,
  }
}

/** Returns a member site of which no proof is known. */
export function unproven(member: string): MemberStanding {
  return { member, site: null, since: null, provenAt: null, hasLeft: true, isBanned: false }
}
