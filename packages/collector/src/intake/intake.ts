import { type SiteId, siteIdPattern } from '@peerpress/wire'
import { batchDrop, beaconsOf, type PartialDrop } from './batch.ts'
import type { CollectorCount } from '../collector-count.ts'
import type { DropLedger } from './drop-ledger.ts'
import { type Drop, type DropReason, drop } from '../drop-reason.ts'
import { type BeaconRequest, BeaconContext } from '../beacon-context.ts'
import type { Pipeline } from './pipeline.ts'
import { beaconSteps, requestSteps, type Surroundings } from './steps.ts'

/** Bytes of beacons that may wait for the registry and the disk together; memory would grow without it. */
const maxWaitingBytes = 32 * 1024 * 1024

/** What requests go into. */
export interface Intake {
  /** Resolves when all that a request carries is on disk, to undefined, or is dropped. */
  receive(request: BeaconRequest): Promise<Drop | PartialDrop | undefined>
  /** Counts a request whose body could not be read, and tells how it is answered. */
  refuse(reason: DropReason, detail: string): Drop
}

export interface IntakeOptions {
  readonly surroundings: Surroundings
  readonly pipeline: Pipeline
  readonly ledger: DropLedger
  readonly count: (what: CollectorCount) => void
  /** ms since the Unix epoch */
  readonly now: () => number
}

/** Takes requests through the steps, each beacon of a list for itself, and counts what becomes of them. */
export function openIntake({ surroundings, pipeline, ledger, count, now }: IntakeOptions): Intake {
  const { site, networks } = surroundings
  const admit = pipeline.through(requestSteps(surroundings))
  const take = pipeline.through(beaconSteps(surroundings))
  let waitingBytes = 0

  function counted(dropped: Drop): Drop {
    count(dropped.reason)
    return dropped
  }

  async function receive(request: BeaconRequest): Promise<Drop | PartialDrop | undefined> {
    const context = new BeaconContext(request, now())
    const refused = await admit(context)
    if (refused) return counted(refused)
    if (!Array.isArray(context.value)) return takeCounted(context)
    const contexts = beaconsOf(context, context.value)
    if (!Array.isArray(contexts)) return counted(contexts)
    // The first was counted when the request came.
    const wait = networks.excess(request.network, contexts.length - 1)
    if (wait !== undefined)
      return counted(drop('network-busy', 'too many beacons come from this network', wait))
    return batchDrop(await Promise.all(contexts.map(takeCounted)))
  }

  async function takeCounted(context: BeaconContext): Promise<Drop | undefined> {
    const dropped = await take(context)
    if (dropped === undefined) count(context.bot === null ? 'accepted' : 'bot')
    else await enter(counted(dropped).reason, context)
    return dropped
  }

  /** Puts a drop to the account of the site that the beacon is for, if there is one. */
  async function enter(reason: DropReason, { value }: BeaconContext): Promise<void> {
    const id = siteNamedBy(value)
    if (id === null) return
    try {
      if ((await site(id)) !== null) ledger.add(id, reason)
    } catch {
      // Whether there is such a site can't be told now.
    }
  }

  return {
    async receive(request) {
      const { length } = request.body
      waitingBytes += length
      try {
        if (waitingBytes > maxWaitingBytes)
          return counted(drop('unavailable', 'too many beacons are waiting'))
        return await receive(request)
      } finally {
        waitingBytes -= length
      }
    },
    refuse(reason, detail) {
      const refused = counted(drop(reason, detail))
      pipeline.dropped('body', refused)
      return refused
    },
  }
}

/** The site that what came says it is for; null when it says none. */
function siteNamedBy(value: unknown): SiteId | null {
  const site = typeof value === 'object' && value !== null && 'site' in value ? value.site : undefined
  return typeof site === 'string' && siteIdPattern.test(site) ? site : null
}
