import { decodeViewRow } from '../model/view-line.ts'

/** A removal: a whole site when there is no visitor, else a visitor's day and its known views. */
export interface Removal {
  readonly site: string
  /** An unsigned 64-bit number in decimal, and a UTC day, `YYYY-MM-DD`. */
  readonly visitor: { readonly number: string; readonly day: string } | null
  readonly views: readonly string[]
}

/** The values by which a row is compared with removals. */
interface ComparedValues {
  readonly site: unknown
  readonly view: unknown
  readonly visitor: unknown
  /** The times in the row. */
  readonly times: readonly unknown[]
}

/** The removals of a site. */
interface RemovedOfSite {
  isAll: boolean
  /** Visitors' numbers, each with its day. */
  readonly visitors: Set<string>
  readonly views: Set<string>
}

/** The removals, whose rows must not be inserted. */
export class Removed {
  readonly #sites = new Map<string, RemovedOfSite>()

  /** Whether there is no removal. */
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
   * Adds a visitor's day, `YYYY-MM-DD`, and its known views. A view stays removed even if a later snapshot has the
   * number of the next day.
   */
  addVisitorDay(site: string, visitor: { number: string; day: string }, views: readonly string[]): void {
    const removed = this.#of(site)
    removed.visitors.add(`${visitor.number} ${visitor.day}`)
    for (const view of views) removed.views.add(view)
  }

  /** Returns rows, NDJSON of any table, without removed ones. */
  without(rows: Buffer): Buffer {
    const isNamed = [...this.#sites.keys()].some((site) => rows.includes(JSON.stringify(site)))
    if (!isNamed) return rows
    // Latin-1 preserves every byte.
    const lines = rows.toString('latin1').split('\n')
    return Buffer.from(lines.filter((line) => !this.#has(line)).join('\n'), 'latin1')
  }

  #has(line: string): boolean {
    const row = fieldsOf(line)
    // A bot's row contains its snapshot as text.
    const { visitor } = typeof row['snapshot'] === 'string' ? fieldsOf(row['snapshot']) : row
    const { site, view, started_at, received_at } = row
    return this.has({ site, view, visitor, times: [started_at, received_at] })
  }

  /** Returns whether a row is removed. */
  has({ site, view, visitor, times }: ComparedValues): boolean {
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

/** Returns a line's values by column; none for an invalid line, which the engine refuses later. */
function fieldsOf(line: string): Record<string, unknown> {
  try {
    return decodeViewRow(line) ?? {}
  } catch {
    return {}
  }
}
