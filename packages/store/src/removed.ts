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

  /** The rows, NDJSON as `JSON.stringify` writes it, without those of what was removed. */
  without(rows: Buffer): Buffer {
    const isNamed = [...this.#sites.keys()].some((site) => rows.includes(`"site":"${site}"`))
    if (!isNamed) return rows
    // Latin-1 gives every byte back as it was.
    const lines = rows.toString('latin1').split('\n')
    return Buffer.from(lines.filter((line) => !this.#has(line)).join('\n'), 'latin1')
  }

  #has(line: string): boolean {
    // A quote within a text is escaped, so that no text can look like a field; but a bot's row has its snapshot as a text.
    const removed = this.#sites.get(/"site":"([^"\\]*)"/.exec(line)?.[1] ?? '')
    if (removed === undefined) return false
    const view = /"view":"([^"\\]*)"/.exec(line)?.[1] ?? ''
    if (removed.isAll || removed.views.has(view.toLowerCase())) return true
    const visitor = /"visitor\\?":\\?"(\d+)/.exec(line)?.[1]
    if (visitor === undefined) return false
    const days = [...line.matchAll(/"(?:started|received)_at":"(\d{4}-\d\d-\d\d)/g)]
    return days.some(([, day]) => removed.visitors.has(`${visitor} ${day}`))
  }

  #of(site: string): RemovedOfSite {
    const known = this.#sites.get(site)
    if (known !== undefined) return known
    const fresh = { isAll: false, visitors: new Set<string>(), views: new Set<string>() }
    this.#sites.set(site, fresh)
    return fresh
  }
}
