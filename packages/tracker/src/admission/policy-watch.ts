import { isAdmitted, type Policy, type SiteId } from '@peerpress/wire'

/** The policy that a connection was opened under. */
export interface Terms {
  readonly site: SiteId
  readonly policy: Policy
}

/** Connections that are bound to the policies of their sites. */
export interface GovernedLines {
  /** Returns the sites of all connections. */
  sites(): ReadonlySet<SiteId>
  /** Closes the connections whose terms are no longer admitted. */
  closeUnless(isStillAdmitted: (terms: Terms) => boolean): void
}

/**
 * Closes connections that the latest policies of their sites do not admit. Other servers may have recorded these. If
 * the record cannot be read, the last known policy counts. If none is known, the ticket counts: the record allowed it
 * minutes ago.
 */
export class PolicyWatch {
  readonly #read: PolicyReader
  readonly #lines: GovernedLines
  readonly #fail: (error: unknown) => void
  /** Policies of sites that have connections, or are about to; null: the site is not registered any more. */
  readonly #known = new Map<SiteId, Policy | null>()
  #last = Promise.resolve()
  #next: Promise<void> | undefined

  /** @param fail called with an error of `read`. */
  constructor(read: PolicyReader, lines: GovernedLines, fail: (error: unknown) => void) {
    this.#read = read
    this.#lines = lines
    this.#fail = fail
  }

  /** Whether a connection may be opened under these terms. Never rejects. */
  async admits(terms: Terms): Promise<boolean> {
    // The known policy may be stricter than the one that is recorded by now.
    if (!this.#known.has(terms.site) || !this.#admits(terms)) await this.#learn(new Set([terms.site]))
    return this.#admits(terms)
  }

  /**
   * Reads the policies of all sites that have connections, and closes connections that they do not admit. Never
   * rejects.
   */
  enforce(): Promise<void> {
    // A read in flight may have begun before the policy that the caller means was recorded.
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

/** Reads the recorded policies of sites. The result lacks sites that are not registered. */
export type PolicyReader = (sites: readonly SiteId[]) => Promise<ReadonlyMap<SiteId, Policy>>
