import { randomUUID } from 'node:crypto'
import { type DropRow, hourTime } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import type { DropReason } from '../drop-reason.ts'

/**
 * Counts the dropped beacons of sites by reason and hour. Only registered sites may be counted, because each takes
 * memory.
 */
export class DropLedger {
  readonly #run = randomUUID()
  readonly #now: () => number
  #hour = ''
  #counts = new Map<string, Count>()
  /** Counts of earlier hours that are not written yet. */
  #earlier: DropRow[] = []

  /** `now`: ms since the Unix epoch. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts one dropped beacon. */
  add(site: SiteId, reason: DropReason): void {
    this.#beginHour()
    const key = `${site} ${reason}`
    const count = this.#counts.get(key) ?? { site, reason, beacons: 0, written: 0 }
    count.beacons++
    this.#counts.set(key, count)
  }

  /** Writes the counts that have changed. A count whose `append` rejects is written again at the next call. */
  async write(append: (row: DropRow) => Promise<void>): Promise<void> {
    this.#beginHour()
    for (let row = this.#earlier[0]; row !== undefined; row = this.#earlier[0]) {
      await append(row)
      this.#earlier.shift()
    }
    const hour = this.#hour
    for (const count of this.#counts.values()) {
      const row = this.#row(count, hour)
      if (count.beacons === count.written) continue
      await append(row)
      count.written = row.beacons
    }
  }

  /** Begins a new hour if the last one is over. */
  #beginHour(): void {
    const hour = hourTime(this.#now())
    if (hour === this.#hour) return
    for (const count of this.#counts.values())
      if (count.beacons > count.written) this.#earlier.push(this.#row(count, this.#hour))
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
  /** The count that was written last. */
  written: number
}
