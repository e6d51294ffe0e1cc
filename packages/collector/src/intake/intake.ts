import { type SiteId, siteIdPattern } from '@peerpress/wire'
import { batchDrop, beaconsOf, type PartialDrop } from './batch.ts'
import type { CollectorCount } from '../collector-count.ts'
import type { DropLedger } from './drop-ledger.ts'
import { type Drop, type DropReason, drop } from '../drop-reason.ts'
import { type BeaconRequest, BeaconContext } from '../beacon-context.ts'
import type { Pipeline } from './pipeline.ts'
import { beaconSteps, requestSteps, type IntakeDependencies } from './steps.ts'

/** Maximum of bytes of beacons that wait for the registry and the disk, so that memory is bounded. */
const maxWaitingBytes = 32 * 1024 * 1024

/** The entry of the collector for requests. */
export interface Intake {
  /** Resolves to undefined when all beacons of a request are on disk, else to their drop. */
  receive(request: BeaconRequest): Promise<Drop | PartialDrop | undefined>
  /** Counts a request whose body could not be read, and returns the response. */
  refuse(reason: DropReason, detail: string): Drop
}

export interface IntakeOptions {
  readonly dependencies: IntakeDependencies
  readonly pipeline: Pipeline
  readonly ledger: DropLedger
  readonly count: (what: CollectorCount) => void
  /** ms since the Unix epoch */
  readonly now: () => number
}

/** Opens an intake that runs the steps for requests and for each of their beacons, and counts the outcomes. */
export function openIntake({ dependencies, pipeline, ledger, count, now }: IntakeOptions): Intake {
  const { site, networks } = dependencies
  const admit = pipeline.through(requestSteps(dependencies))
  const runSteps = pipeline.through(beaconSteps(dependencies))
  let waitingBytes = 0

  function counted(dropped: Drop): Drop {
    count(dropped.reason)
    return dropped
  }

  async function receive(request: BeaconRequest): Promise<Drop | PartialDrop | undefined> {
    const context = new BeaconContext(request, now())
    const refused = await admit(context)
    if (refused) return counted(refused)
    if (!Array.isArray(context.value)) return receiveBeacon(context)
    const contexts = beaconsOf(context, context.value)
    if (!Array.isArray(contexts)) return counted(contexts)
    // The step `network-rate` has counted the first beacon.
    const wait = networks.excess(request.network, contexts.length - 1)
    if (wait !== undefined)
      return counted(drop('network-busy', 'too many beacons come from this network', wait))
    return batchDrop(await Promise.all(contexts.map(receiveBeacon)))
  }

  async function receiveBeacon(context: BeaconContext): Promise<Drop | undefined> {
    const dropped = await runSteps(context)
    if (dropped === undefined) count(context.bot === null ? 'accepted' : 'bot')
    else await countForSite(counted(dropped).reason, context)
    return dropped
  }

  /** Counts a drop for the site that the beacon names, if it is registered. */
  async function countForSite(reason: DropReason, { value }: BeaconContext): Promise<void> {
    const id = siteNamedBy(value)
    if (id === null) return
    try {
      if ((await site(id)) !== null) ledger.add(id, reason)
    } catch {
      // It is unknown whether the site is registered.
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

/** Returns the site that a beacon of unknown content names; null if it names none. */
function siteNamedBy(value: unknown): SiteId | null {
  const site = typeof value === 'object' && value !== null && 'site' in value ? value.site : undefined
  return typeof site === 'string' && siteIdPattern.test(site) ? site : null
}
