import { maxBatchBeacons } from '@peerpress/wire'
import { type Drop, type DropReason, drop } from '../drop-reason.ts'
import { BeaconContext } from '../beacon-context.ts'

/** A beacon of a batch that was dropped. */
export interface Refusal {
  /** Its index in the batch. */
  readonly index: number
  readonly reason: DropReason
  readonly detail: string
}

/** The response to a batch of which some beacons were dropped. All others are on disk. */
export interface PartialDrop extends Drop {
  readonly refused: readonly Refusal[]
}

/** Statuses in order of precedence: the sender should retry if any beacon of the batch may be accepted later. */
const precedence: readonly Drop['status'][] = [503, 429]

/** Returns the beacons of a request's list, or the drop of the whole list. */
export function beaconsOf(
  { request, receivedAt }: BeaconContext,
  list: readonly unknown[],
): BeaconContext[] | Drop {
  if (list.length < 1 || list.length > maxBatchBeacons)
    return drop('invalid', `a batch has 1 to ${maxBatchBeacons} beacons`)
  return list.map((value) => new BeaconContext(request, receivedAt, value))
}

/** Returns the response to a batch with these outcomes of its beacons; undefined if all are on disk. */
export function batchDrop(outcomes: readonly (Drop | undefined)[]): PartialDrop | undefined {
  const drops = outcomes.filter((outcome) => outcome !== undefined)
  const worst =
    precedence.map((status) => drops.find((dropped) => dropped.status === status)).find(Boolean) ?? drops[0]
  if (worst === undefined) return undefined
  const waits = drops.map(({ retryAfter = 0 }) => retryAfter)
  return {
    ...worst,
    detail: `${drops.length} of ${outcomes.length} beacons were not accepted`,
    ...(worst.retryAfter === undefined ? {} : { retryAfter: Math.max(...waits) }),
    refused: outcomes.flatMap((outcome, index) =>
      outcome === undefined ? [] : [{ index, reason: outcome.reason, detail: outcome.detail }],
    ),
  }
}
