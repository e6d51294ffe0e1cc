import { signedPayload } from '@peerpress/peer'
import { decodeLease, leasePayloadType } from '@peerpress/wire'
import { openStorage } from './storage.ts'

const dayMs = 24 * 60 * 60 * 1000
/** ms that a worker without a lease stays. */
const trialLength = dayMs
/** ms that the reader's clock may be set back. After a larger step the lease counts as expired. */
const clockTolerance = dayMs
const key = '/peerpress-lease'

/** The stored part of a lease. `since`: time of arrival, ms since the Unix epoch by the reader's clock. */
interface Held {
  readonly issuedAt: number
  readonly length: number
  readonly since: number
}

/** Stores a lease that the site's key signed. An older lease, or one that another key signed, changes nothing. */
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
 * Returns whether the lease expired. The reader's clock measures the time since the lease arrived, so it may be wrong by
 * years, as long as it runs. If it was set back further than allowed, the lease counts as expired.
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
