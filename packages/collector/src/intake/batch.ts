import { maxBatchBeacons } from '@peerpress/wire'
import { type Drop, type DropReason, drop } from '../drop-reason.ts'
import { BeaconContext } from '../beacon-context.ts'

/** A beacon of a batch that was not kept. */
export interface Refusal {
  /** Its place in the batch, from 0. */
  readonly index: number
  readonly reason: DropReason
  readonly detail: string
}

/** A batch of which some were not kept. All others of it are on disk. */
export interface PartialDrop extends Drop {
  readonly refused: readonly Refusal[]
}

/** Statuses by what helps the sender most, first: to come again, for as long as anything in the batch is worth it. */
const precedence: readonly Drop['status'][] = [503, 429]

/** The beacons of a request's list, or why there are none. */
export function beaconsOf(
  { request, receivedAt }: BeaconContext,
  list: readonly unknown[],
): BeaconContext[] | Drop {
  if (list.length < 1 || list.length > maxBatchBeacons)
    return drop('invalid', `a batch has 1 to ${maxBatchBeacons} beacons`)
  return list.map((value) => new BeaconContext(request, receivedAt, value))
}

/** How a batch is answered, by what became of each of its beacons; undefined when all were kept. */
export function batchDrop(outcomes: readonly (Drop | undefined)[]): PartialDrop | undefined {
  const drops = outcomes.filter((outcome) => outcome !== undefined)
  const worst =
    precedence.map((status) => drops.find((dropped) => dropped.status === status)).find(Boolean) ?? drops[0]
  if (worst === undefined) return undefined
  const waits = drops.map(({ retryAfter = 0 }) => retryAfter)
  return {
    ...worst,
    detail: `${drops.length} of ${outcomes.length} beacons were not taken`,
    ...(worst.retryAfter === undefined ? {} : { retryAfter: Math.max(...waits) }),
    refused: outcomes.flatMap((outcome, index) =>
      outcome === undefined ? [] : [{ index, reason: outcome.reason, detail: outcome.detail }],
    ),
  }
}
