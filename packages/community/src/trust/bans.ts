import { ledgerText, type Registry } from '@peerpress/registry'
import { CommunityError } from '../community-error.ts'
import type { CommunityLedger } from '../ledger/community-ledger.ts'
import { type Appeal, appealOf, type Decision, isAppealed } from './moderation-case.ts'
import { moderationText } from './moderation-text.ts'
import { createNotices } from './notices.ts'

/** What was decided about one member site, in order. */
export interface BanCase {
  readonly member: string
  readonly decisions: readonly BanDecision[]
  readonly appeals: readonly Appeal[]
}

/** A decision about a member site. */
export interface BanDecision extends Omit<Decision, 'action'> {
  readonly action: 'ban' | 'unban'
}

/** A decision of the operator about a member site. */
export interface BanInput {
  readonly member: string
  readonly action: 'ban' | 'unban'
  /** Why, for the site. */
  readonly reason: string
  /** The id of the account that decides, or `operator`. */
  readonly by: string
}

/**
 * Bans of member sites. Each decision and appeal is a row of the ledger; nothing is edited. While a site is banned, its votes count
 * nothing and its posts are hidden. The channels of the site get a notice, in the decision's own transaction.
 */
export interface Bans {
  /**
   * Bans a member site, or ends its ban. It answers an open appeal: a banned site can be banned again, with another reason.
   * @throws {CommunityError} `not-member`, `not-banned`, `invalid-reason`
   */
  decide(input: BanInput): Promise<BanCase>
  /**
   * Appeals against the decision that bans a member site. The site stays banned until the operator decides.
   * @throws {CommunityError} `not-banned`, `appealed`, `invalid-reason`
   */
  appeal(input: { readonly member: string; readonly text: string }): Promise<BanCase>
  /** Returns the case of a member site; without any row if there was nothing. */
  caseOf(member: string): Promise<BanCase>
  /** Returns the cases of all member sites that were banned once. */
  cases(): Promise<BanCase[]>
}

/** Whether the last decision bans the member site. */
export function isBanned({ decisions }: BanCase): boolean {
  return decisions.at(-1)?.action === 'ban'
}

/** Whether the operator must decide: the site has appealed against the ban. */
export function isBanAppealed(about: BanCase): boolean {
  return isBanned(about) && isAppealed(about)
}

export function createBans({
  registry,
  ledger,
}: {
  readonly registry: Pick<Registry, 'memberSites' | 'notifications'>
  readonly ledger: CommunityLedger
}): Bans {
  const notices = createNotices(registry)
  const caseIn = async (from: Pick<CommunityLedger, 'read'>, member: string): Promise<BanCase> =>
    (await casesIn(from, member)).get(member) ?? { member, decisions: [], appeals: [] }

  return {
    decide: async ({ member, action, reason, by }) => {
      const text = ledgerText(moderationText(reason))
      await registry.notifications.prepareNotices()
      const holder = hostPattern.test(member) ? await registry.memberSites.find(member) : null
      return ledger.transaction(async (within) => {
        if (!hostPattern.test(member) || (await within.standing.member(member)) === null) {
          throw new CommunityError('not-member', 'No member site has this host.')
        }
        const known = await caseIn(within, member)
        if (action === 'unban' && !isBanned(known)) throw notBanned()
        const subject = { type: 'member' as const, id: member }
        const body = { subject, action, reason: text.hash, by, appeal: appealOf(known)?.seq ?? null }
        await within.append([{ kind: 'decision', member, body }], [text])
        if (holder !== null) {
          const news = { action, reason: text.content, wasBanned: isBanned(known) }
          await notices.write(within.sql, [{ site: holder.site, text: noticeOf(member, news) }])
        }
        return caseIn(within, member)
      })
    },
    appeal: ({ member, text }) => {
      const written = ledgerText(moderationText(text))
      return ledger.transaction(async (within) => {
        const known = await caseIn(within, member)
        const decision = known.decisions.at(-1)
        if (decision?.action !== 'ban') throw notBanned()
        if (isAppealed(known)) {
          throw new CommunityError('appealed', 'The site has appealed against this decision already.')
        }
        const subject = { type: 'member' as const, id: member }
        const body = { subject, decision: decision.seq, text: written.hash }
        await within.append([{ kind: 'appeal', member, body }], [written])
        return caseIn(within, member)
      })
    },
    caseOf: (member) => caseIn(ledger, member),
    cases: async () => [...(await casesIn(ledger)).values()],
  }
}

/** Hosts have this form; anything else is in no row. */
const hostPattern = /^[a-z0-9.:-]{1,260}$/
const rowsAtOnce = 1000

/** Returns the cases of member sites by host, from the rows of one member site or of all. */
async function casesIn(
  ledger: Pick<CommunityLedger, 'read'>,
  member?: string,
): Promise<ReadonlyMap<string, BanCase>> {
  const cases = new Map<string, BanCase>()
  let after = 0
  for (;;) {
    const range = { kinds: ['decision', 'appeal'], after, limit: rowsAtOnce }
    const rows = await ledger.read(member === undefined ? range : { ...range, member })
    for (const { seq, at, ...row } of rows) {
      after = seq
      if ((row.kind !== 'decision' && row.kind !== 'appeal') || row.body.subject.type !== 'member') continue
      const { id } = row.body.subject
      const known = cases.get(id) ?? { member: id, decisions: [], appeals: [] }
      if (row.kind === 'appeal') {
        const { decision, text } = row.body
        cases.set(id, { ...known, appeals: [...known.appeals, { seq, at, decision, text }] })
      } else if (row.body.action === 'ban' || row.body.action === 'unban') {
        const { action, reason, by, appeal } = row.body
        cases.set(id, { ...known, decisions: [...known.decisions, { seq, at, action, reason, by, appeal }] })
      }
    }
    if (rows.length < rowsAtOnce) return cases
  }
}

function notBanned(): CommunityError {
  return new CommunityError('not-banned', 'The site is not banned from the community.')
}

function noticeOf(
  member: string,
  {
    action,
    reason,
    wasBanned,
  }: { readonly action: 'ban' | 'unban'; readonly reason: string; readonly wasBanned: boolean },
): string {
  const change =
    action === 'unban'
      ? 'The operator of the server has ended the ban of this site: its votes count and its posts are shown again.'
      : wasBanned
        ? 'The operator of the server leaves this site banned from the community.'
        : 'The operator of the server has banned this site from the community: its votes count nothing and its posts are hidden. You can appeal on its page Community in the dashboard.'
  return [change, '', `Member site: ${member}`, `Reason: ${reason}`].join('\n')
}
