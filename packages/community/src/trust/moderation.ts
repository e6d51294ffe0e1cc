import { ledgerText, type Registry } from '@peerpress/registry'
import { CommunityError } from '../community-error.ts'
import type { CommunityLedger, CommunityTransaction } from '../ledger/community-ledger.ts'
import type { EntryBody } from '../ledger/entry.ts'
import { requireUnbanned } from '../standing/require-unbanned.ts'
import { type Bans, createBans } from './bans.ts'
import {
  isAppealed,
  isHidden,
  isOpen,
  lastRowOf,
  type ModerationCase,
  ModerationCases,
  moderationKinds,
} from './moderation-case.ts'
import { moderationText } from './moderation-text.ts'
import { createNotices, type Shared } from './notices.ts'

/** Reports of one member site in 24 hours. */
const maxReportsPerDay = 20
const day = 86_400_000
const rowsAtOnce = 1000

/** A report of a member site. */
export interface ReportInput {
  readonly member: string
  readonly submission: string
  readonly reason: EntryBody<'report'>['reason']
  readonly text: string | null
}

/** A decision of the operator. */
export interface DecisionInput {
  readonly submission: string
  readonly action: 'hide' | 'restore'
  /** Why, for those concerned. */
  readonly reason: string
  /** The id of the account that decides, or `operator`. */
  readonly by: string
}

/** An appeal of the member site that shared a post. */
export interface AppealInput {
  readonly member: string
  readonly submission: string
  readonly text: string
}

/**
 * Reports, decisions and appeals. Each is a row of the ledger; nothing is edited. The channels of the sites that a decision
 * concerns get a notice, in the decision's own transaction.
 */
export interface Moderation {
  /**
   * Queues a report for the operator. It changes nothing else.
   * @throws {CommunityError} `unknown-submission`, `own-post`, `banned`, `too-many-reports`, `invalid-reason`
   */
  report(input: ReportInput): Promise<ModerationCase>
  /**
   * Hides or restores a post, or keeps it as it is. It answers all reports until now and the open appeal.
   * @throws {CommunityError} `unknown-submission`, `invalid-reason`
   */
  decide(input: DecisionInput): Promise<ModerationCase>
  /** Hides a post because a rule found that it must be. A hidden post stays as it is. */
  hideByRule(submission: string, reason: string): Promise<ModerationCase>
  /**
   * Appeals against the decision that hides a post. The post stays hidden until the operator decides.
   * @throws {CommunityError} `unknown-submission`, `not-hidden`, `appealed`, `invalid-reason`
   */
  appeal(input: AppealInput): Promise<ModerationCase>
  /** Returns the cases that wait for the operator, in the order of their first rows. */
  queue(): Promise<ModerationCase[]>
  /** Returns all cases. */
  cases(): Promise<readonly ModerationCase[]>
  /** Returns the case of a submission; without any row if there was nothing. */
  caseOf(submission: string): Promise<ModerationCase>
  /** Returns the texts with these hashes. An erased one is absent. */
  texts(hashes: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Bans of member sites. */
  readonly bans: Bans
}

export interface ModerationOptions {
  readonly registry: Pick<Registry, 'ledger' | 'sharedPosts' | 'memberSites' | 'notifications'>
  readonly ledger: CommunityLedger
  /** ms since the Unix epoch */
  readonly now: () => number
}

export function createModeration({ registry, ledger, now }: ModerationOptions): Moderation {
  const cases = new ModerationCases()
  const notices = createNotices(registry)
  /** Reads and changes run one after another, so that a decision is made about what it has seen. */
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }

  /** Reads rows since the last call, also those of other servers. */
  const refresh = async (from: Pick<CommunityLedger, 'read'> = ledger): Promise<void> => {
    for (;;) {
      const rows = await from.read({ after: cases.seq, limit: rowsAtOnce, kinds: [...moderationKinds] })
      for (const row of rows) cases.add(row)
      if (rows.length < rowsAtOnce) return
    }
  }

  /**
   * Runs `work` with the rows of all servers, while none of them appends another. So what it checks still holds when its own
   * rows are written. What it appends is read after the commit, because it may be rolled back.
   */
  const held = async <T>(work: (within: CommunityTransaction) => Promise<T>): Promise<T> => {
    await refresh()
    return ledger.transaction(async (within) => {
      await refresh(within)
      return work(within)
    })
  }

  const caseOf = async (submission: string): Promise<ModerationCase> => {
    await refresh()
    return cases.of(submission)
  }

  const require = async (id: string): Promise<Shared> => {
    const found = await registry.sharedPosts.get(id)
    if (found !== null) return found
    throw new CommunityError('unknown-submission', 'There is no such post in the feed.')
  }

  const decide = async ({ submission, action, reason, by }: DecisionInput): Promise<ModerationCase> => {
    const post = await require(submission)
    const text = ledgerText(moderationText(reason))
    for (;;) {
      const known = await caseOf(submission)
      // Two servers can find the same contradiction.
      if (isRule(by) && isHidden(known)) return known
      const appeal = known.appeals.findLast(({ seq }) => seq > (known.decisions.at(-1)?.seq ?? 0))
      const body = { subject: { type: 'submission' as const, id: submission }, action, reason: text.hash, by }
      const entry = {
        kind: 'decision' as const,
        member: post.member,
        body: { ...body, appeal: appeal?.seq ?? null },
      }
      const messages = await notices.of({
        post,
        known,
        action,
        reason: text.content,
        isByRule: isRule(by),
      })
      const isWritten = await held(async (within) => {
        // Another server has written to the case meanwhile: the messages would be about an older one.
        if (lastRowOf(cases.of(submission)) !== lastRowOf(known)) return false
        await within.append([entry], [text])
        await notices.write(within.sql, messages)
        return true
      })
      if (isWritten) return caseOf(submission)
    }
  }

  return {
    report: ({ member, submission, reason, text }) =>
      inTurn(async () => {
        if ((await require(submission)).member === member) {
          throw new CommunityError('own-post', 'A site does not report its own post: withdraw it instead.')
        }
        const written = text === null || text.trim() === '' ? null : ledgerText(moderationText(text))
        const body = { submission, reason, text: written?.hash ?? null }
        await held(async (within) => {
          requireUnbanned(await within.standing.member(member))
          const after = new Date(now() - day)
          if ((await within.count({ kind: 'report', member, after })) >= maxReportsPerDay) {
            throw new CommunityError(
              'too-many-reports',
              `The site has made ${maxReportsPerDay} reports today. Try again tomorrow.`,
            )
          }
          await within.append([{ kind: 'report', member, body }], written === null ? [] : [written])
        })
        return caseOf(submission)
      }),

    decide: (input) => inTurn(() => decide(input)),

    hideByRule: (submission, reason) =>
      inTurn(() => decide({ submission, action: 'hide', reason, by: 'rule:contradicted-manifest' })),

    appeal: ({ member, submission, text }) =>
      inTurn(async () => {
        if ((await require(submission)).member !== member) {
          throw new CommunityError('unknown-submission', 'Only the site that shared a post can appeal.')
        }
        const written = ledgerText(moderationText(text))
        const subject = { type: 'submission' as const, id: submission }
        await held(async (within) => {
          const known = cases.of(submission)
          const decision = known.decisions.at(-1)
          if (decision?.action !== 'hide') throw new CommunityError('not-hidden', 'The post is not hidden.')
          if (isAppealed(known)) {
            throw new CommunityError('appealed', 'The site has appealed against this decision already.')
          }
          const body = { subject, decision: decision.seq, text: written.hash }
          await within.append([{ kind: 'appeal', member, body }], [written])
        })
        return caseOf(submission)
      }),

    queue: () =>
      inTurn(async () => {
        await refresh()
        return cases.all.filter(isOpen)
      }),

    cases: () =>
      inTurn(async () => {
        await refresh()
        return cases.all
      }),

    caseOf: (submission) => inTurn(() => caseOf(submission)),

    texts: (hashes) => registry.ledger.texts(hashes),

    bans: createBans({ registry, ledger }),
  }
}

function isRule(by: string): boolean {
  return by.startsWith('rule:')
}
