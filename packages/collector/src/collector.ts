import type { Store } from '@peerpress/store'
import { lockDirectory } from '@peerpress/store'
import { type Beacon, decodeBeacon, maxBeaconLength, type SiteId, WireError } from '@peerpress/wire'
import { isbot } from 'isbot'
import { CollectorError } from './collector-error.ts'
import { type CountryOf, openCountryFile } from './country.ts'
import { type Drop, type DropReason, drop } from './drop-reason.ts'
import { viewRow } from './view-row.ts'
import { openWriteAheadLog, type WriteAheadLogOptions } from './write-ahead-log.ts'

/** Longest time a dead predecessor's directory is waited for, ms. */
const lockPatience = 10_000

export interface CollectorOptions extends Pick<
  WriteAheadLogOptions,
  'directory' | 'maxSegmentBytes' | 'maxSegmentAge' | 'maxPause' | 'createFile'
> {
  readonly store: Pick<Store, 'insertViews'>
  /** Looks a site up; null when there is none. */
  readonly site: (id: SiteId) => Promise<{ readonly origins: readonly string[] } | null>
  /** @default the embedded country file */
  readonly countryOf?: CountryOf
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
  /** Called when the store refused a segment; it is tried again. @default nothing */
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

export type CollectorCount = 'accepted' | DropReason | 'segment-damaged' | 'store-failure'

/** Takes beacons in. */
export interface Collector {
  /** Resolves when the beacon is on disk, or is dropped with a counted reason. Never rejects. */
  receive(request: BeaconRequest): Promise<{ readonly accepted: true } | Drop>
  /** How often what happened since the start. */
  counts(): Readonly<Record<CollectorCount, number>>
  /** Segments on disk that the store does not have yet. */
  backlog(): number
  /** Waits until the store has everything accepted so far. */
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
  const counts: Record<CollectorCount, number> = {
    accepted: 0,
    'too-large': 0,
    malformed: 0,
    invalid: 0,
    'unknown-site': 0,
    'wrong-origin': 0,
    bot: 0,
    unavailable: 0,
    'segment-damaged': 0,
    'store-failure': 0,
  }
  try {
    const countryOf = options.countryOf ?? (await openCountryFile())
    const log = await openWriteAheadLog({
      ...options,
      insert: (rows, token) => store.insertViews(rows, token),
      onDamaged: () => counts['segment-damaged']++,
      onFailure(error) {
        counts['store-failure']++
        onStoreFailure?.(error)
      },
    })

    /** The steps in order; the first that drops ends the way. */
    async function take(request: BeaconRequest): Promise<Drop | undefined> {
      const beacon = decode(request.body)
      if ('accepted' in beacon) return beacon
      const origins = (await site(beacon.site))?.origins
      if (origins === undefined) return drop('unknown-site', `there is no site ${beacon.site} here`)
      if (!comesFrom(origins, request.origin, beacon))
        return drop('wrong-origin', 'the page is not one of the site')
      if (isbot(request.userAgent)) return drop('bot', 'the user agent is a bot')
      const row = viewRow(beacon, {
        receivedAt: now(),
        userAgent: request.userAgent,
        country: countryOf(request.address),
      })
      await log.append(Buffer.from(JSON.stringify(row)))
      return undefined
    }

    return {
      async receive(request) {
        const dropped = await take(request).catch((error: unknown) =>
          drop(
            'unavailable',
            error instanceof CollectorError ? error.message : 'beacons cannot be taken now',
          ),
        )
        counts[dropped?.reason ?? 'accepted']++
        return dropped ?? { accepted: true }
      },
      counts: () => ({ ...counts }),
      backlog: () => log.backlog(),
      flush: () => log.flush(),
      async close() {
        await log.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
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

/** Both the header, which a page cannot forge, and the address that the beacon itself names. */
function comesFrom(origins: readonly string[], header: string | null, beacon: Beacon): boolean {
  return header !== null && origins.includes(header) && origins.includes(new URL(beacon.url).origin)
}
