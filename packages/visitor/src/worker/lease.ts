import { signedPayload } from '@peerpress/peer'
import { decodeLease, leasePayloadType } from '@peerpress/wire'
import { openStorage } from './storage.ts'

const dayMs = 24 * 60 * 60 * 1000
/** ms for which a worker stays that has not got a lease yet. */
const trialLength = dayMs
/** ms by which the reader's clock may have been set back before nothing is believed of it. */
const clockTolerance = dayMs
const key = '/peerpress-lease'

/** What is kept of a lease. `since`: when it came, ms since the Unix epoch by the reader's clock. */
interface Held {
  readonly issuedAt: number
  readonly length: number
  readonly since: number
}

/** Takes a lease that the site's key signed; one that is older than what is held, or signed by another, changes nothing. */
export async function renewLease(
  { lease: text, siteKey }: { readonly lease: string; readonly siteKey: string },
  now: number,
): Promise<void> {
  const payload = await signedPayload(text, { type: leasePayloadType, key: siteKey }, crypto.subtle)
  if (!payload) return
  const { issuedAt, length } = decodeLease(payload)
  if (issuedAt >= ((await read())?.issuedAt ?? 0)) await write({ issuedAt, length, since: now })
}

/**
 * Whether the lease ran out. Only the reader's own clock is asked, from when the lease came: it may be wrong by years, as
 * long as it runs. One that was set back a good deal counts as run out.
 */
export async function leaseLapsed(now: number): Promise<boolean> {
  const held = await read()
  if (held) return now > held.since + held.length || now < held.since - clockTolerance
  await write({ issuedAt: 0, length: trialLength, since: now })
  return false
}

async function read(): Promise<Held | null> {
  const stored = await (await openStorage()).match(key)
  const held = (await stored?.json().catch(() => null)) as Held | null | undefined
  return typeof held?.since === 'number' && typeof held.length === 'number' ? held : null
}

async function write(held: Held): Promise<void> {
  await (await openStorage()).put(key, Response.json(held))
}
