import { checkBeacon, maxBeaconLength, maxBatchLength, type SiteId, WireError } from '@peerpress/wire'
import type { Agent } from '../enrich/agent.ts'
import { botMark } from '../enrich/bot.ts'
import { CollectorError } from '../collector-error.ts'
import { type Drop, drop } from '../drop-reason.ts'
import { encodeEntry } from '../log/entry.ts'
import { FirstStarts } from './first-starts.ts'
import type { BeaconContext } from '../beacon-context.ts'
import type { Step } from './pipeline.ts'
import type { Place } from '../enrich/place.ts'
import type { RateLimit } from './rate-limit.ts'
import type { ReferralOf } from '../enrich/referral.ts'
import type { SiteBudget } from './site-budget.ts'
import type { Visitors } from '../enrich/visitor.ts'
import { viewIdTime } from './view-id-time.ts'
import { viewRow } from '../enrich/view-row.ts'
import type { WriteAheadLog } from '../log/write-ahead-log.ts'

interface Site {
  readonly origins: readonly string[]
}

/** Dependencies of the steps. */
export interface IntakeDependencies {
  readonly site: (id: SiteId) => Site | null | Promise<Site | null>
  readonly placeOf: (address: string) => Place
  readonly agentOf: (userAgent: string) => Agent
  readonly referralOf: ReferralOf
  readonly visitors: Visitors
  readonly networks: RateLimit
  readonly sites: SiteBudget
  /** Called if a reader's clock is off by more than `tolerableSkew`. */
  readonly onSkew: () => void
  /** Called with the number of a beacon's unknown fields, which a later release may define. */
  readonly onUnknownFields: (fields: number) => void
  readonly log: Pick<WriteAheadLog, 'append' | 'hasRoomFor'>
}

/** Difference of a reader's clock from which on it is counted, ms. */
const tolerableSkew = 5 * 60_000

/** Returns the steps of a request, before its beacons are known. */
export function requestSteps({ networks, log }: IntakeDependencies): readonly Step[] {
  return [
    {
      name: 'network-rate',
      run({ request }) {
        const wait = networks.excess(request.network)
        return wait === undefined
          ? undefined
          : drop('network-busy', 'too many beacons come from this network', wait)
      },
    },
    {
      // Checked again when a beacon is written. Here it saves reading bodies that would be refused.
      name: 'room',
      run: ({ request: { body } }) => (log.hasRoomFor(body.length) ? undefined : logFull()),
    },
    {
      name: 'size',
      run({ request: { body } }) {
        // UTF-8 has at least one byte per character, so this limits the parsed text too.
        const maxLength = isList(body) ? maxBatchLength : maxBeaconLength
        return body.length > maxLength ? drop('too-large', `the maximum is ${maxLength} bytes`) : undefined
      },
    },
    {
      name: 'parse',
      run(context) {
        try {
          context.value = JSON.parse(context.request.body.toString('utf8'))
          return undefined
        } catch {
          return drop('malformed', 'not JSON')
        }
      },
    },
  ]
}

/** Returns the steps of a beacon, of which the last writes it into the log. */
export function beaconSteps(dependencies: IntakeDependencies): readonly Step[] {
  const { site, placeOf, agentOf, referralOf, visitors, sites, onSkew, onUnknownFields, log } = dependencies
  const starts = new FirstStarts()
  return [
    { name: 'schema', run: (context) => readBeacon(context, onUnknownFields) },
    { name: 'site', run: (context) => findSite(context, site) },
    {
      name: 'origin',
      run: (context) =>
        comesFrom(context) ? undefined : drop('wrong-origin', 'the page does not belong to the site'),
    },
    {
      // The last check: a beacon that names a site which it does not come from must not count for that site's budget.
      name: 'site-rate',
      run({ beacon, request }) {
        const wait = sites.excess(beacon.site, request.network)
        return wait === undefined
          ? undefined
          : drop('site-busy', 'too many beacons arrive for this site', wait)
      },
    },
    {
      // A wrong clock in the browser changes nothing: the view's start is the time of reception less the view's age.
      name: 'clock',
      run(context) {
        context.startedAt = starts.of(context.beacon, context.receivedAt - context.beacon.age)
        const createdAt = viewIdTime(context.beacon.view)
        if (createdAt !== null && Math.abs(createdAt - context.startedAt) > tolerableSkew) onSkew()
      },
    },
    {
      name: 'place',
      run(context) {
        context.place = placeOf(context.request.address)
      },
    },
    {
      name: 'agent',
      run(context) {
        context.agent = agentOf(context.request.userAgent)
      },
    },
    {
      name: 'bot',
      run(context) {
        context.bot = botMark(context)
      },
    },
    {
      name: 'referrer',
      run(context) {
        context.referral = referralOf(context.beacon, context.origins)
      },
    },
    {
      name: 'visitor',
      run(context) {
        const visitor = visitors.idOf(context)
        if (!(visitor instanceof Promise)) {
          context.visitor = visitor
          return undefined
        }
        return visitor.then((id) => {
          context.visitor = id
          return undefined
        })
      },
    },
    { name: 'log', run: (context) => append(context, log) },
  ]
}

function readBeacon(
  context: BeaconContext,
  onUnknownFields: IntakeDependencies['onUnknownFields'],
): Drop | undefined {
  const tally = { unknownFields: 0 }
  try {
    context.beacon = checkBeacon(context.value, tally)
    if (tally.unknownFields > 0) onUnknownFields(tally.unknownFields)
    return undefined
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return drop('invalid', error.message)
  }
}

function findSite(
  context: BeaconContext,
  site: IntakeDependencies['site'],
): Drop | undefined | Promise<Drop | undefined> {
  const check = (found: Site | null) => {
    if (found === null) return drop('unknown-site', `the site ${context.beacon.site} is not registered here`)
    context.origins = found.origins
    return undefined
  }
  const found = site(context.beacon.site)
  if (!(found instanceof Promise)) return check(found)
  return found.then(check, () => drop('unavailable', 'sites cannot be looked up now'))
}

/** Checks both the header, which a page cannot forge, and the URL in the beacon itself. */
function comesFrom({ request: { origin }, beacon, origins }: BeaconContext): boolean {
  return origin !== null && origins.includes(origin) && origins.includes(originOf(beacon.url))
}

/** Returns the origin of a normalized URL, which always has a path. */
function originOf(url: string): string {
  return url.slice(0, url.indexOf('/', url.indexOf('//') + 2))
}

async function append(context: BeaconContext, log: IntakeDependencies['log']): Promise<Drop | undefined> {
  try {
    await log.append(encodeEntry(viewRow(context.beacon, context), context.bot))
    return undefined
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error
    return error.code === 'log-full' ? logFull() : drop('unavailable', error.message)
  }
}

function logFull(): Drop {
  return drop('log-full', 'too many beacons wait for the store')
}

/** Whether a JSON text is a list, according to its first byte that is not white space. */
function isList(body: Buffer): boolean {
  return body.find((byte) => byte > 0x20) === 0x5b
}
