import { randomUUID } from 'node:crypto'
import { type DropRow, hourTime } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import type { DropReason } from '../drop-reason.ts'

/**
 * Counts what a site's beacons were dropped for, by hour. Only sites that there are may be counted: memory is theirs.
 */
export class DropLedger {
  readonly #run = randomUUID()
  readonly #now: () => number
  #hour = ''
  #counts = new Map<string, Count>()
  /** Of earlier hours, still to be told. */
  #left: DropRow[] = []

  /** `now`: ms since the Unix epoch. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts one. */
  add(site: SiteId, reason: DropReason): void {
    this.#turn()
    const key = `${site} ${reason}`
    const count = this.#counts.get(key) ?? { site, reason, beacons: 0, told: 0 }
    count.beacons++
    this.#counts.set(key, count)
  }

  /** What has changed and was not told to `keep` yet. What it does not keep is told again the next time. */
  async tell(keep: (row: DropRow) => Promise<void>): Promise<void> {
    this.#turn()
    for (let row = this.#left[0]; row !== undefined; row = this.#left[0]) {
      await keep(row)
      this.#left.shift()
    }
    const hour = this.#hour
    for (const count of this.#counts.values()) {
      const row = this.#row(count, hour)
      if (count.beacons === count.told) continue
      await keep(row)
      count.told = row.beacons
    }
  }

  /** Begins the hour that it is. */
  #turn(): void {
    const hour = hourTime(this.#now())
    if (hour === this.#hour) return
    for (const count of this.#counts.values())
      if (count.beacons > count.told) this.#left.push(this.#row(count, this.#hour))
    this.#counts = new Map()
    this.#hour = hour
  }

  #row({ site, reason, beacons }: Count, hour: string): DropRow {
    return { site, hour, reason, run: this.#run, beacons }
  }
}

interface Count {
  readonly site: SiteId
  readonly reason: DropReason
  beacons: number
  /** As many as were kept. */
  told: number
}
