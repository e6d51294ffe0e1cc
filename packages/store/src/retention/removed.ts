import { decodeViewRow } from '../model/view-line.ts'

/** What was removed of a site: all of it when there is no visitor, else a visitor's day and the views known of it. */
export interface Removal {
  readonly site: string
  /** An unsigned 64-bit number in decimal, and a UTC day, `YYYY-MM-DD`. */
  readonly visitor: { readonly number: string; readonly day: string } | null
  readonly views: readonly string[]
}

/** What tells whether a row is of something that was removed. */
interface Told {
  readonly site: unknown
  readonly view: unknown
  readonly visitor: unknown
  /** The times in the row. */
  readonly times: readonly unknown[]
}

/** What was removed of a site. */
interface RemovedOfSite {
  isAll: boolean
  /** Each with its day. */
  readonly visitors: Set<string>
  readonly views: Set<string>
}

/** What was removed, to be kept out of what is written. */
export class Removed {
  readonly #sites = new Map<string, RemovedOfSite>()

  /** Whether nothing was removed. */
  get isEmpty(): boolean {
    return this.#sites.size === 0
  }

  add({ site, visitor, views }: Removal): void {
    if (visitor === null) this.addSite(site)
    else this.addVisitorDay(site, visitor, views)
  }

  addSite(site: string): void {
    this.#of(site).isAll = true
  }

  /**
   * The visitor of that number on that day, `YYYY-MM-DD`, and the views that are known of it: they are still theirs when
   * a later snapshot has the next day's number.
   */
  addVisitorDay(site: string, visitor: { number: string; day: string }, views: readonly string[]): void {
    const removed = this.#of(site)
    removed.visitors.add(`${visitor.number} ${visitor.day}`)
    for (const view of views) removed.views.add(view)
  }

  /** The rows, NDJSON of whichever table, without those of what was removed. */
  without(rows: Buffer): Buffer {
    const isNamed = [...this.#sites.keys()].some((site) => rows.includes(JSON.stringify(site)))
    if (!isNamed) return rows
    // Latin-1 gives every byte back as it was.
    const lines = rows.toString('latin1').split('\n')
    return Buffer.from(lines.filter((line) => !this.#has(line)).join('\n'), 'latin1')
  }

  #has(line: string): boolean {
    const row = fieldsOf(line)
    // A bot's row has its snapshot as a text.
    const { visitor } = typeof row['snapshot'] === 'string' ? fieldsOf(row['snapshot']) : row
    const { site, view, started_at, received_at } = row
    return this.has({ site, view, visitor, times: [started_at, received_at] })
  }

  /** Whether a row is of something that was removed. */
  has({ site, view, visitor, times }: Told): boolean {
    const removed = this.#sites.get(String(site))
    if (removed === undefined) return false
    if (removed.isAll || removed.views.has(String(view).toLowerCase())) return true
    return times.some((time) => removed.visitors.has(`${String(visitor)} ${String(time).slice(0, 10)}`))
  }

  #of(site: string): RemovedOfSite {
    const known = this.#sites.get(site)
    if (known !== undefined) return known
    const fresh = { isAll: false, visitors: new Set<string>(), views: new Set<string>() }
    this.#sites.set(site, fresh)
    return fresh
  }
}

/** What a line tells; nothing when it is none, which is for the engine to refuse. */
function fieldsOf(line: string): Record<string, unknown> {
  try {
    return decodeViewRow(line) ?? {}
  } catch {
    return {}
  }
}
