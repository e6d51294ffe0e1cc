import { decodeViewRow } from './view-columns.ts'

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
    const removed = this.#sites.get(String(row['site']))
    if (removed === undefined) return false
    if (removed.isAll || removed.views.has(String(row['view']).toLowerCase())) return true
    // A bot's row has its snapshot as a text.
    const { visitor } = typeof row['snapshot'] === 'string' ? fieldsOf(row['snapshot']) : row
    const days = [row['started_at'], row['received_at']].map((time) => String(time).slice(0, 10))
    return days.some((day) => removed.visitors.has(`${String(visitor)} ${day}`))
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
