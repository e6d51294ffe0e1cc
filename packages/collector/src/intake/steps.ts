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

/** What the steps ask. */
export interface Surroundings {
  readonly site: (id: SiteId) => Site | null | Promise<Site | null>
  readonly placeOf: (address: string) => Place
  readonly agentOf: (userAgent: string) => Agent
  readonly referralOf: ReferralOf
  readonly visitors: Visitors
  readonly networks: RateLimit
  readonly sites: SiteBudget
  /** A reader's clock is off by more than a few minutes. */
  readonly onSkew: () => void
  /** A beacon has fields that a later release has. */
  readonly onUnknownFields: (fields: number) => void
  readonly log: Pick<WriteAheadLog, 'append' | 'hasRoomFor'>
}

/** How far a reader's clock may be off before it is counted, ms. */
const tolerableSkew = 5 * 60_000

/** What a request must pass before anything in it is a beacon. */
export function requestSteps({ networks, log }: Surroundings): readonly Step[] {
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
      // Once more when it is written; but what is to be refused need not be read first.
      name: 'room',
      run: ({ request: { body } }) => (log.hasRoomFor(body.length) ? undefined : logFull()),
    },
    {
      name: 'size',
      run({ request: { body } }) {
        // UTF-8 has at least one byte a character, so this bounds what is parsed as well.
        const most = isList(body) ? maxBatchLength : maxBeaconLength
        return body.length > most ? drop('too-large', `${most} bytes are taken at most`) : undefined
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

/** The way of a beacon into the log. */
export function beaconSteps(surroundings: Surroundings): readonly Step[] {
  const { site, placeOf, agentOf, referralOf, visitors, sites, onSkew, onUnknownFields, log } = surroundings
  const starts = new FirstStarts()
  return [
    { name: 'schema', run: (context) => readBeacon(context, onUnknownFields) },
    { name: 'site', run: (context) => findSite(context, site) },
    {
      name: 'origin',
      run: (context) =>
        comesFrom(context) ? undefined : drop('wrong-origin', 'the page is not one of the site'),
    },
    {
      // Last of the checks: a beacon that names a site it does not come from spends nothing of that site's budget.
      name: 'site-rate',
      run({ beacon, request }) {
        const wait = sites.excess(beacon.site, request.network)
        return wait === undefined ? undefined : drop('site-busy', 'too many beacons come for this site', wait)
      },
    },
    {
      // A wrong clock in the browser moves nothing: the view's start is counted back by the reader's own stopwatch.
      name: 'clock',
      run(context) {
        context.startedAt = starts.of(context.beacon, context.receivedAt - context.beacon.age)
        const told = viewIdTime(context.beacon.view)
        if (told !== null && Math.abs(told - context.startedAt) > tolerableSkew) onSkew()
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
    { name: 'log', run: (context) => keep(context, log) },
  ]
}

function readBeacon(
  context: BeaconContext,
  onUnknownFields: Surroundings['onUnknownFields'],
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
  site: Surroundings['site'],
): Drop | undefined | Promise<Drop | undefined> {
  const take = (found: Site | null) => {
    if (found === null) return drop('unknown-site', `there is no site ${context.beacon.site} here`)
    context.origins = found.origins
    return undefined
  }
  const found = site(context.beacon.site)
  if (!(found instanceof Promise)) return take(found)
  return found.then(take, () => drop('unavailable', 'sites cannot be looked up now'))
}

/** Both the header, which a page cannot forge, and the address that the beacon itself names. */
function comesFrom({ request: { origin }, beacon, origins }: BeaconContext): boolean {
  return origin !== null && origins.includes(origin) && origins.includes(originOf(beacon.url))
}

/** Of an address as the URL standard writes it, which has a path. */
function originOf(url: string): string {
  return url.slice(0, url.indexOf('/', url.indexOf('//') + 2))
}

async function keep(context: BeaconContext, log: Surroundings['log']): Promise<Drop | undefined> {
  try {
    await log.append(encodeEntry(viewRow(context.beacon, context), context.bot))
    return undefined
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error
    return error.code === 'log-full' ? logFull() : drop('unavailable', error.message)
  }
}

function logFull(): Drop {
  return drop('log-full', 'too much waits for the store')
}

/** Whether JSON text holds a list, by the first of its bytes that is no white space. */
function isList(body: Buffer): boolean {
  return body.find((byte) => byte > 0x20) === 0x5b
}
