import * as v from 'valibot'

const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const recordId = v.pipe(v.string(), v.regex(/^[a-z0-9]{16}$/))
const day = v.pipe(v.string(), v.isoDate())
/** ms since the Unix epoch */
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
/** A host in ASCII: a registrable domain, or a host below one. A port is part of it on a test machine. */
const host = v.pipe(v.string(), v.regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/))
const language = v.pipe(v.string(), v.regex(/^[a-z]{2,3}$/))
const region = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))

/** Why a member site's membership ends. */
export const leavingReasons = ['left', 'lapsed', 'changed-hands'] as const
/** The choices of a report. */
export const reportReasons = ['spam', 'stolen', 'misleading', 'harmful', 'illegal', 'other'] as const
/** What ends a grant or an offer. */
export const revocationReasons = ['owner', 'wrong-chunk', 'decision'] as const
/** What a decision does: to a submission `hide` and `restore`, to a member site or a seed `ban` and `unban`. */
export const decisionActions = ['hide', 'restore', 'ban', 'unban'] as const
export const voteValues = ['up', 'down', 'none'] as const

/** What a decision or an appeal is about. */
const subject = v.variant('type', [
  v.strictObject({ type: v.literal('submission'), id: recordId }),
  v.strictObject({ type: v.literal('member'), id: host }),
  v.strictObject({ type: v.literal('seed'), id: hash }),
])

/** Promises of bytes: what a site may have stored, and what a seed offers. */
const lending = {
  id: recordId,
  /** SHA-256 of the seed's public key. */
  seed: hash,
  /** bytes that may be stored */
  bytes: count,
  /** bytes that may be sent a day */
  bytesPerDay: count,
  expiresAt: time,
  /** SHA-256 of the signed message. */
  statement: hash,
}

/** The body of a row of each kind. A foreign text is there by the hash under which the ledger stores it. */
const bodies = {
  /** The member site's owner proved control. Repeated every 30 days. */
  proof: v.strictObject({
    site: text(64),
    /** The registrable domain above the member site, or the same. */
    domain: host,
    /** Ids of accounts that own the site. Member sites that share one are in one cluster. */
    accounts: v.pipe(v.array(text(64)), v.maxLength(50)),
    /** SHA-256 of the site's keys. Member sites that share one are in one cluster. */
    keys: v.pipe(v.array(hash), v.maxLength(50)),
  }),
  /** The membership ends; a later proof begins a new one. */
  left: v.strictObject({ reason: v.picklist(leavingReasons) }),
  submission: v.strictObject({
    id: recordId,
    site: text(64),
    post: text(200),
    url: v.pipe(text(2000), v.url()),
    language: v.nullable(language),
    region: v.nullable(region),
    topics: v.pipe(v.array(text(64)), v.maxLength(5)),
    title: hash,
    summary: v.nullable(hash),
    picture: v.nullable(hash),
  }),
  /** Replaces the member site's earlier vote on the submission. */
  vote: v.strictObject({
    submission: recordId,
    value: v.picklist(voteValues),
    /** Fixed when it is cast, 0-1; 0 for `none`. */
    weight: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    reason: v.nullable(hash),
  }),
  report: v.strictObject({
    submission: recordId,
    reason: v.picklist(reportReasons),
    text: v.nullable(hash),
  }),
  /** A site's leave for a seed to store its assets. */
  grant: v.strictObject({ ...lending, site: text(64) }),
  /** A seed owner's offer to store assets of other sites. */
  offer: v.strictObject({ ...lending, owner: text(64) }),
  'revoked-grant': v.strictObject({
    /** Id of the grant or the offer. */
    grant: recordId,
    reason: v.picklist(revocationReasons),
  }),
  /** What a seed gave to a site's readers in a day, from their receipts. */
  receipts: v.strictObject({ day, seed: hash, site: text(64), bytes: count, networks: count }),
  /** `F` of a submission, from its performance until a day. */
  performance: v.strictObject({
    submission: recordId,
    day,
    factor: v.pipe(v.number(), v.minValue(0.8), v.maxValue(1.2)),
  }),
  /** Weighted share of upvotes among all votes of the feed, 0-1. */
  'feed-mean': v.strictObject({ day, mean: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
  decision: v.strictObject({
    subject,
    action: v.picklist(decisionActions),
    reason: hash,
    /** The account that decided, `operator`, or the rule that did. */
    by: text(64),
    /** The row of the appeal that it answers. */
    appeal: v.nullable(count),
  }),
  /** Somebody concerned asks for another decision. It changes nothing until that is made. */
  appeal: v.strictObject({
    subject,
    /** The row of the decision. */
    decision: count,
    text: hash,
  }),
} as const

export const entryKinds = Object.keys(bodies) as readonly EntryKind[]
export type EntryKind = keyof typeof bodies
export type EntryBody<Kind extends EntryKind> = v.InferOutput<(typeof bodies)[Kind]>

/** What is appended to the ledger. */
export type LedgerEntry = {
  readonly [Kind in EntryKind]: {
    readonly kind: Kind
    /** The member site that it is by or about; null if there is none. */
    readonly member: string | null
    readonly body: EntryBody<Kind>
  }
}[EntryKind]

/** An entry of the ledger with its position and time. */
export type LedgerEvent = LedgerEntry & {
  /** 1 for the first row, without gaps. */
  readonly seq: number
  readonly at: Date
}

/**
 * Checks an entry before it is appended, and a row after it was read. Returns null for a row of a newer release's kind, and
 * for one that is not of its kind's form.
 */
export function parseEntry(given: {
  readonly kind: string
  readonly member: string | null
  readonly body: unknown
}): LedgerEntry | null {
  const { kind, member } = given
  if (!Object.hasOwn(bodies, kind)) return null
  if (member !== null && !v.is(host, member)) return null
  const body = v.safeParse(bodies[kind as EntryKind], given.body)
  return body.success ? ({ kind, member, body: body.output } as LedgerEntry) : null
}

/** Returns the entries of rows. Rows of kinds that this release does not know are left out. */
export function eventsOf(
  rows: readonly {
    readonly seq: number
    readonly at: Date
    readonly kind: string
    readonly member: string | null
    readonly body: unknown
  }[],
): LedgerEvent[] {
  return rows.flatMap(({ seq, at, ...row }) => {
    const entry = parseEntry(row)
    return entry === null ? [] : [{ ...entry, seq, at }]
  })
}
