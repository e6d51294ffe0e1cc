import type { LentReceipt, LentSession } from '@peerpress/registry'

/** The readers of a test whose receipts arrive at the same time. */
export const takers = ['a', 'b', 'c', 'd', 'e']

/** A lent seed in a swarm. */
export interface LentRun {
  readonly session: LentSession
  readonly giver: string
}

/** Returns the receipt of one of {@link takers}. */
export function receiptOf(
  { session, giver }: LentRun,
  { taker, bytes }: Pick<LentReceipt, 'taker' | 'bytes'>,
): LentReceipt {
  return { ...session, giver, taker, network: `network of ${taker}`, bytes }
}
