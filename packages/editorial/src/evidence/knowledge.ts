import type { SiteFinding } from '@peerpress/insights'
import type { EvidenceItem, QueryExport, Site } from '@peerpress/registry'
import type { SearchLanding } from '@peerpress/store'
import type { PostId } from '@peerpress/wire'
import type { TextSection } from '../reading/text-sections.ts'
import type { CommunitySignal } from './community-signals.ts'

/** A published post whose page was read. */
export interface KnownPost {
  readonly post: PostId
  readonly url: string
  /** Its headline, else the title of its page, else its address. */
  readonly title: string
  readonly description: string | null
  readonly language: string | null
  readonly sections: readonly TextSection[]
  /** The evidence that it is. */
  readonly evidence: string
}

/** A signal with the evidence that it is. */
export type KnownSignal = CommunitySignal & { readonly evidence: string }

/** Which posts readers of a country read. */
export interface RegionPosts {
  /** ISO 3166-1 alpha-2 */
  readonly region: string
  /** Posts by views of the last four complete weeks, most first. */
  readonly posts: readonly PostId[]
}

/** All that briefs are made from. */
export interface SiteKnowledge {
  readonly site: Site
  /** `YYYY-MM-DD` in the site's time zone. */
  readonly day: string
  /** The language of most posts, BCP 47; null if none is known. */
  readonly language: string | null
  readonly posts: readonly KnownPost[]
  /** Those of the last analysis that nobody dismissed. */
  readonly findings: readonly SiteFinding[]
  readonly queries: readonly QueryExport[]
  /** Visits from search engines in the last four complete weeks, and in the four before. */
  readonly landings: { readonly recent: readonly SearchLanding[]; readonly earlier: readonly SearchLanding[] }
  /** Of countries that a finding is about. */
  readonly regionPosts: readonly RegionPosts[]
  readonly signals: readonly KnownSignal[]
  /** All current items. */
  readonly evidence: readonly EvidenceItem[]
}
