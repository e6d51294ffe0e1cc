import { join } from 'node:path'
import { lockDirectory } from '@peerpress/directory-lock'
import { SharedLock, type Store } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import { agentReader } from './enrich/agent.ts'
import { type CollectorCount, noCounts } from './collector-count.ts'
import type { PartialDrop } from './intake/batch.ts'
import { DaySalts, undeletedSalt } from './enrich/day-salts.ts'
import type { SetAside } from './log/drain.ts'
import { DropLedger } from './intake/drop-ledger.ts'
import type { Drop, DropReason } from './drop-reason.ts'
import { encodeDrops, insertEntries } from './log/entry.ts'
import { openIntake } from './intake/intake.ts'
import type { BeaconRequest } from './beacon-context.ts'
import { Pipeline, type StepFigures } from './intake/pipeline.ts'
import { openPlaces, type PlacesOptions } from './enrich/place.ts'
import { openReferrerList } from './enrich/referral.ts'
import { RateLimit } from './intake/rate-limit.ts'
import { remembered } from './intake/remembered.ts'
import { SiteBudget } from './intake/site-budget.ts'
import { visitorsBy } from './enrich/visitor.ts'
import { openWriteAheadLog, type WriteAheadLogOptions } from './log/write-ahead-log.ts'

/** Time to wait for the lock of a process that is ending, ms. */
const lockTimeout = 10_000

/** Limits of the cache of sites. Looking a site up costs more than all other steps of a beacon. */
const cachedSites = { maxAnswers: 10_000, maxAge: 5000, maxAbsence: 2000 }

/** Time between two writes of drop counts and deletions of expired salts, ms. */
const upkeepPause = 60_000

export interface CollectorOptions
  extends
    Pick<
      WriteAheadLogOptions,
      'directory' | 'maxSegmentBytes' | 'maxSegmentAge' | 'maxLogBytes' | 'maxPause' | 'createFile'
    >,
    Pick<PlacesOptions, 'cityFile' | 'asnFile'> {
  readonly store: Pick<Store, 'insertViews' | 'insertBots' | 'insertDrops'>
  /** Looks a site up; null if it is not registered. A site is cached for five seconds, an absence for two. */
  readonly site: (id: SiteId) => Promise<{ readonly origins: readonly string[] } | null>
  /** Beacons per second of one network, averaged over ten seconds. Further ones are answered 429. */
  readonly maxPerNetwork: number
  /** The same for one site, see `SiteBudget`. */
  readonly maxPerSite: number
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
  /** Called when a segment could not be inserted into the store. It is tried again. @default nothing */
  readonly onStoreFailure?: (error: unknown) => void
  /** Called with a notice for the operator, and its cause. @default nothing */
  readonly onNotice?: (notice: string, error: Error | null) => void
}

/** Receives beacons. */
export interface Collector {
  /**
   * Receives the beacon, or the list of beacons, in a request's body. Resolves when each is on disk, or is dropped with
   * a counted reason. Beacons that a `PartialDrop` does not name are on disk.
   */
  receive(request: BeaconRequest): Promise<{ readonly accepted: true } | Drop | PartialDrop>
  /** Counts a request whose body could not be read, and returns the response. */
  refuse(reason: DropReason, detail: string): Drop
  /** Returns the counts of events and drops since the start. */
  counts(): Readonly<Record<CollectorCount, number>>
  /** Returns the figures of each step since the start, in their order. */
  steps(): readonly StepFigures[]
  /** Returns the number of sealed segments that the store does not have yet. */
  backlog(): number
  /** Returns the bytes of the log that the store does not have yet. */
  logBytes(): number
  /** Resolves when the store has all beacons accepted and drops counted so far, or the collector is closed. */
  flush(): Promise<void>
  /** Runs `work` while no segment is being inserted into the store. Beacons are still received. */
  whilePaused<T>(work: () => Promise<T>): Promise<T>
  /** Stops. Beacons that the store does not have yet stay on disk for the next start. */
  close(): Promise<void>
}

/**
 * Opens the collector of a directory, which is created if it is missing. Only one process can have it open.
 * @throws {DirectoryLockError} `directory-locked` if another process owns it, `unusable-directory`.
 * @throws {CollectorError} `bad-place-file`.
 */
export async function openCollector(options: CollectorOptions): Promise<Collector> {
  const { directory, store, now = Date.now, onStoreFailure, onNotice } = options
  const lock = await lockDirectory(directory, { wait: lockTimeout })
  const counts = noCounts()
  const closers: (() => unknown)[] = [() => lock.release()]
  const closeAll = async () => {
    for (const close of closers.toReversed()) await close()
  }
  try {
    const places = await openPlaces({
      cityFile: options.cityFile,
      asnFile: options.asnFile,
      onReplaced(path, error) {
        counts[error === null ? 'place-file-replaced' : 'place-file-refused']++
        const outcome =
          error === null ? 'was read again' : 'cannot be read; the previous content stays in use'
        onNotice?.(`${path} ${outcome}`, error)
      },
    })
    closers.push(() => places.close())
    const draining = new SharedLock()
    const log = await openWriteAheadLog({
      ...options,
      insert: (entries, token) => draining.shared(() => insertEntries(store, entries, token)),
      onSetAside(name, reason) {
        counts[`segment-${reason}`]++
        onNotice?.(setAsideNotice(join(directory, `${name}.${reason}`), reason), null)
      },
      onFailure(error) {
        counts['store-failure']++
        onStoreFailure?.(error)
      },
    })
    closers.push(() => log.close())
    const salts = await DaySalts.open(join(directory, 'salts'), now, onNotice)
    const ledger = new DropLedger(now)
    const pipeline = new Pipeline()
    const intake = openIntake({
      dependencies: {
        site: remembered(options.site, { ...cachedSites, now }),
        placeOf: places.placeOf,
        agentOf: agentReader(),
        referralOf: await openReferrerList(),
        visitors: visitorsBy(salts),
        networks: new RateLimit(options.maxPerNetwork, now),
        sites: new SiteBudget(options.maxPerSite, now),
        onSkew: () => counts['clock-skewed']++,
        onUnknownFields: (fields) => (counts['unknown-field'] += fields),
        log,
      },
      pipeline,
      ledger,
      count: (what) => counts[what]++,
      now,
    })
    const writeDrops = () => ledger.write((row) => log.append(encodeDrops(row)))
    // Counts that cannot be written now are written at the next upkeep, or when the collector closes.
    closers.push(() => writeDrops().catch(() => undefined))
    const upkeep = setInterval(() => {
      writeDrops().catch(() => undefined)
      salts.sweep().catch((error: Error) => onNotice?.(undeletedSalt, error))
    }, upkeepPause).unref()
    closers.push(() => clearInterval(upkeep))
    let closed: Promise<void> | undefined

    return {
      receive: async (request) => (await intake.receive(request)) ?? { accepted: true },
      refuse: (reason, detail) => intake.refuse(reason, detail),
      counts: () => ({ ...counts }),
      steps: () => pipeline.figures(),
      backlog: () => log.backlog(),
      logBytes: () => log.bytes(),
      async flush() {
        await writeDrops()
        await log.flush()
      },
      whilePaused: (work) => draining.exclusive(work),
      close: () => (closed ??= closeAll()),
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

function setAsideNotice(path: string, reason: SetAside): string {
  const why = {
    damaged: 'parts of it cannot be read; the readable rows are in the store',
    unreadable: 'it cannot be read',
    refused: 'the store cannot read its rows',
  }[reason]
  return `a file of the log of beacons was set aside (${why}); other files are not affected. It is now ${path}. To try it again, stop the server and remove the ending from its name; otherwise delete it`
}
