import { createHash } from 'node:crypto'
import { ledgerText, type LedgerText, type LentDay, type StoredOffer } from '@peerpress/registry'
import type { Grant, LendingTerms, Offer, PeerId } from '@peerpress/wire'
import { type EntryBody, type LedgerEntry, parseEntry } from '../ledger/entry.ts'

/** A signed message, and the member site that it is by. */
export interface Signed {
  readonly envelope: string
  readonly member: string | null
}

/** Returns the name of a seed in the ledger: SHA-256 of its public key, hex. */
function seedHash(seed: PeerId): string {
  return createHash('sha256').update(Buffer.from(seed, 'base64url')).digest('hex')
}

export function offerEntry(offer: Offer, { envelope, member }: Signed): LedgerEntry {
  return checked({ kind: 'offer', member, body: { ...termsOf(offer, envelope), owner: offer.owner } })
}

export function grantEntry(grant: Grant, { envelope, member }: Signed): LedgerEntry {
  return checked({ kind: 'grant', member, body: { ...termsOf(grant, envelope), site: grant.site } })
}

/** `grant`: the id of a grant or an offer. */
export function revocationEntry(
  grant: string,
  { reason, member }: Pick<EntryBody<'revoked-grant'>, 'reason'> & Pick<Signed, 'member'>,
): LedgerEntry {
  return checked({ kind: 'revoked-grant', member, body: { grant, reason } })
}

/** Returns the rows of a seed that a proof convicted: its offer ends, and it is banned. No post is named. */
export function convictionEntries(
  { id, seed }: StoredOffer,
  member: string | null,
): { readonly entries: LedgerEntry[]; readonly texts: LedgerText[] } {
  const text = ledgerText('The seed signed a chunk whose SHA-256 differs from the signed manifest.')
  const decision: LedgerEntry = {
    kind: 'decision',
    member,
    body: {
      subject: { type: 'seed', id: seedHash(seed) },
      action: 'ban',
      reason: text.hash,
      by: 'rule:wrong-chunk',
      appeal: null,
    },
  }
  return {
    entries: [revocationEntry(id, { reason: 'wrong-chunk', member }), checked(decision)],
    texts: [text],
  }
}

/** Returns the totals that count: bytes above the cap of a network are left out. */
export function receiptsEntries(days: readonly LentDay[]): LedgerEntry[] {
  return days.map(({ day, seed, site, credited, networks }) =>
    checked({
      kind: 'receipts',
      member: null,
      body: { day, seed: seedHash(seed), site, bytes: credited, networks },
    }),
  )
}

function termsOf({ id, seed, maxBytes, bytesPerDay, expiresAt }: LendingTerms, envelope: string) {
  const statement = createHash('sha256').update(envelope).digest('hex')
  return { id, seed: seedHash(seed), bytes: maxBytes, bytesPerDay, expiresAt, statement }
}

/** An entry that this package made is of its kind's form; another one is a bug. */
function checked(entry: LedgerEntry): LedgerEntry {
  const parsed = parseEntry(entry)
  if (parsed === null) throw new Error(`not an entry of kind ${entry.kind}`)
  return parsed
}
