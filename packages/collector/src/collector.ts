import type { Store } from '@peerpress/store'
import { encodeViewRow, lockDirectory } from '@peerpress/store'
import { type Beacon, decodeBeacon, maxBeaconLength, type SiteId, WireError } from '@peerpress/wire'
import { isbot } from 'isbot'
import { CollectorError } from './collector-error.ts'
import { type CountryOf, openCountryFile } from './country.ts'
import { type Drop, type DropReason, drop } from './drop-reason.ts'
import { openReferrerList, type ReferralOf } from './referral.ts'
import { remembered } from './remembered.ts'
import { viewRow } from './view-row.ts'
import { openWriteAheadLog, type WriteAheadLogOptions } from './write-ahead-log.ts'

/** Longest time a dead predecessor's directory is waited for, ms. */
const lockPatience = 10_000

/** Bytes of beacons that may wait for the registry and the disk together; memory would grow without it. */
const maxWaitingBytes = 32 * 1024 * 1024

/** Sites whose origins are remembered, and for how long, ms: a look-up costs more than all else that a beacon needs. */
const rememberedSites = { maxAnswers: 10_000, maxAge: 5000 }

export interface CollectorOptions extends Pick<
  WriteAheadLogOptions,
  'directory' | 'maxSegmentBytes' | 'maxSegmentAge' | 'maxPause' | 'createFile'
> {
  readonly store: Pick<Store, 'insertViews'>
  /** Looks a site up; null when there is none. A site that was found is asked for again after five seconds. */
  readonly site: (id: SiteId) => Promise<{ readonly origins: readonly string[] } | null>
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
  /** Called when a segment could not be brought to the store; it is tried again. @default nothing */
  readonly onStoreFailure?: (error: unknown) => void
}

/** A request that carries a beacon, reduced to what the collector may know. */
export interface BeaconRequest {
  readonly body: Buffer
  /** The `Origin` header. */
  readonly origin: string | null
  readonly userAgent: string
  /** The reader's address: looked up for the country, then forgotten. */
  readonly address: string
}

export type CollectorCount = 'accepted' | DropReason | 'segment-damaged' | 'segment-refused' | 'store-failure'

/** Takes beacons in. */
export interface Collector {
  /** Resolves when the beacon is on disk, or is dropped with a counted reason. */
  receive(request: BeaconRequest): Promise<{ readonly accepted: true } | Drop>
  /** How often what happened since the start. */
  counts(): Readonly<Record<CollectorCount, number>>
  /** Sealed segments on disk that the store does not have yet. */
  backlog(): number
  /** Waits until the store has everything accepted so far, or the collector is closed. */
  flush(): Promise<void>
  /** Stops; what the store does not have yet stays on disk for the next start. */
  close(): Promise<void>
}

/**
 * Opens the collector of a directory, made when it isn't there, for this process alone.
 * @throws {StoreError} `directory-locked` when another process has it.
 */
export async function openCollector(options: CollectorOptions): Promise<Collector> {
  const { directory, store, site, now = Date.now, onStoreFailure } = options
  const lock = await lockDirectory(directory, lockPatience)
  const counts = noCounts()
  try {
    const countryOf = await openCountryFile()
    const referralOf = await openReferrerList()
    const log = await openWriteAheadLog({
      ...options,
      insert: (rows, token) => store.insertViews(rows, token),
      onSetAside: (_name, reason) => counts[`segment-${reason}`]++,
      onFailure(error) {
        counts['store-failure']++
        onStoreFailure?.(error)
      },
    })
    const take = takeInto(log, {
      site: remembered(site, { ...rememberedSites, now }),
      now,
      countryOf,
      referralOf,
    })
    let waitingBytes = 0
    let closed: Promise<void> | undefined

    return {
      async receive(request) {
        const { length } = request.body
        waitingBytes += length
        try {
          const dropped =
            waitingBytes > maxWaitingBytes
              ? drop('unavailable', 'too many beacons are waiting')
              : await take(request)
          counts[dropped?.reason ?? 'accepted']++
          return dropped ?? { accepted: true }
        } finally {
          waitingBytes -= length
        }
      },
      counts: () => ({ ...counts }),
      backlog: () => log.backlog(),
      flush: () => log.flush(),
      close: () => (closed ??= log.close().finally(() => lock.release())),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

interface Surroundings {
  readonly site: CollectorOptions['site']
  readonly now: () => number
  readonly countryOf: CountryOf
  readonly referralOf: ReferralOf
}

/** The way of a beacon into the log: the steps in order; the first that drops ends it. */
function takeInto(
  log: { append(row: Buffer): Promise<void> },
  { site, now, countryOf, referralOf }: Surroundings,
) {
  return async (request: BeaconRequest): Promise<Drop | undefined> => {
    const receivedAt = now()
    const beacon = decode(request.body)
    if ('accepted' in beacon) return beacon
    const origins = await originsOf(beacon.site, site)
    if ('accepted' in origins) return origins
    if (!comesFrom(origins, request.origin, beacon))
      return drop('wrong-origin', 'the page is not one of the site')
    if (isbot(request.userAgent)) return drop('bot', 'the user agent is a bot')
    const country = countryOf(request.address)
    const referral = referralOf(beacon, origins)
    const row = viewRow(beacon, { receivedAt, userAgent: request.userAgent, country, referral })
    return keep(Buffer.from(encodeViewRow(row)), log)
  }
}

function decode(body: Buffer): Beacon | Drop {
  // UTF-8 has at least one byte a character, so this bounds what is parsed as well.
  if (body.length > maxBeaconLength) return drop('too-large', `a beacon has at most ${maxBeaconLength} bytes`)
  try {
    return decodeBeacon(body.toString('utf8'))
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return drop(error.code === 'unsupported' ? 'invalid' : error.code, error.message)
  }
}

async function originsOf(id: SiteId, site: CollectorOptions['site']): Promise<readonly string[] | Drop> {
  let found: Awaited<ReturnType<typeof site>>
  try {
    found = await site(id)
  } catch {
    return drop('unavailable', 'sites cannot be looked up now')
  }
  return found?.origins ?? drop('unknown-site', `there is no site ${id} here`)
}

/** Both the header, which a page cannot forge, and the address that the beacon itself names. */
function comesFrom(origins: readonly string[], header: string | null, beacon: Beacon): boolean {
  return header !== null && origins.includes(header) && origins.includes(new URL(beacon.url).origin)
}

async function keep(row: Buffer, log: { append(row: Buffer): Promise<void> }): Promise<Drop | undefined> {
  try {
    await log.append(row)
    return undefined
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error
    return drop('unavailable', error.message)
  }
}

function noCounts(): Record<CollectorCount, number> {
  return {
    accepted: 0,
    'too-large': 0,
    malformed: 0,
    invalid: 0,
    'unknown-site': 0,
    'wrong-origin': 0,
    bot: 0,
    unavailable: 0,
    'segment-damaged': 0,
    'segment-refused': 0,
    'store-failure': 0,
  }
}
