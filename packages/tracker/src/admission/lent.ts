import { createHash } from 'node:crypto'
import type { PeerId, PostId, SiteId } from '@peerpress/wire'

/** The part of a lent seed in one swarm, as its ticket states it. */
export interface LentSession {
  /** The seed's durable key, 32 bytes as base64url. */
  readonly seed: PeerId
  /** The UTC day of the ticket, `YYYY-MM-DD`. */
  readonly epoch: string
  /** 16 random bytes as base64url. */
  readonly nonce: string
}

/** A lent seed that joined a swarm. */
export interface LentSeed extends LentSession {
  readonly site: SiteId
  readonly post: PostId
}

/** A verified receipt for a lent seed. */
export interface LentClaim extends LentSeed {
  /** The key of the seed in this swarm. It signed the ticket, so the receipt is bound to swarm, epoch and nonce. */
  readonly giver: PeerId
  readonly taker: PeerId
  /** A hash of the taker's network that differs between epochs and seeds, so that no two can be linked. */
  readonly network: string
  /** Total bytes that the taker received from the giver. */
  readonly bytes: number
}

/** Where a tracker reports lent seeds. */
export interface LendingRecords {
  /** Called when a lent seed joined. */
  readonly onJoin: (peer: PeerId, seed: LentSeed) => Promise<void>
  /** Called with each verified receipt that states something new. Resolves when it is stored. */
  readonly onClaim: (claim: LentClaim) => Promise<void>
}

/** `networkPrefix`: a keyed hash of the network, which nobody without the tracker's key can compute. */
export function lentNetwork({ epoch, seed }: LentSession, networkPrefix: string): string {
  return createHash('sha256').update(`${epoch}\n${seed}\n${networkPrefix}`).digest('base64url')
}

/** Reads the claim of a ticket, which this server signed; null if the holder is no lent seed. */
export function lentOf(claim: unknown): LentSession | null {
  const { seed, epoch, nonce } = Object(claim) as Readonly<Record<keyof LentSession, unknown>>
  if (typeof seed !== 'string' || typeof epoch !== 'string' || typeof nonce !== 'string') return null
  return { seed, epoch, nonce }
}
