import { isAdmitted, type Policy, type SiteId } from '@peerpress/wire'

/** The policy that a line was opened under. */
export interface Terms {
  readonly site: SiteId
  readonly policy: Policy
}

/** Lines that are held to the policies of their sites. */
export interface GovernedLines {
  /** The sites of all lines. */
  sites(): ReadonlySet<SiteId>
  /** Closes the lines whose terms are not admitted any more. */
  closeUnless(isStillAdmitted: (terms: Terms) => boolean): void
}

/**
 * Holds lines to what the owners of their sites decided last, which other servers may have recorded. Where the record cannot
 * be read, what was last known counts; where nothing is known, the ticket, which was issued by the record minutes ago.
 */
export class PolicyWatch {
  readonly #read: PolicyReader
  readonly #lines: GovernedLines
  readonly #fail: (error: unknown) => void
  /** Of sites that have lines, or are about to; null: the site is not registered any more. */
  readonly #known = new Map<SiteId, Policy | null>()
  #last = Promise.resolve()
  #next: Promise<void> | undefined

  /** @param fail called with an error of `read`. */
  constructor(read: PolicyReader, lines: GovernedLines, fail: (error: unknown) => void) {
    this.#read = read
    this.#lines = lines
    this.#fail = fail
  }

  /** Whether a line may be opened under these terms. Never rejects. */
  async admits(terms: Terms): Promise<boolean> {
    // What is known may be stricter than what is recorded by now.
    if (!this.#known.has(terms.site) || !this.#admits(terms)) await this.#learn(new Set([terms.site]))
    return this.#admits(terms)
  }

  /** Reads the policies of all sites that have lines, and closes lines that they do not admit. Never rejects. */
  enforce(): Promise<void> {
    // A reading under way may have begun before what the caller has in mind was recorded.
    return (this.#next ??= this.#last.then(() => {
      this.#next = undefined
      return (this.#last = this.#enforce())
    }))
  }

  async #enforce(): Promise<void> {
    const sites = this.#lines.sites()
    for (const site of this.#known.keys()) if (!sites.has(site)) this.#known.delete(site)
    if (sites.size === 0 || !(await this.#learn(sites))) return
    try {
      this.#lines.closeUnless((terms) => this.#admits(terms))
    } catch (error) {
      this.#fail(error)
    }
  }

  async #learn(sites: ReadonlySet<SiteId>): Promise<boolean> {
    try {
      const recorded = await this.#read([...sites])
      for (const site of sites) this.#known.set(site, recorded.get(site) ?? null)
      return true
    } catch (error) {
      this.#fail(error)
      return false
    }
  }

  #admits({ site, policy }: Terms): boolean {
    const recorded = this.#known.get(site)
    return recorded === undefined || (recorded !== null && isAdmitted(policy, recorded))
  }
}

/** The recorded policies of these sites; one that is not registered is not in the answer. */
export type PolicyReader = (sites: readonly SiteId[]) => Promise<ReadonlyMap<SiteId, Policy>>
