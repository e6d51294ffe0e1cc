import type { Release } from '@peerpress/registry'
import type { BreakdownRow, Experiment, SeriesPoint } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import type { SiteRegions } from '../regions/site-regions.ts'
import type { Reason } from '../regions/reasons.ts'
import type { Figure } from './figure.ts'

/** What a finding says. It is stored as it is. */
export interface FindingContent {
  /** The finding with its numbers, for people. */
  readonly sentence: string
  /** What to do about it. */
  readonly action: string
  /** Where to look: a path of the dashboard, or an address of the site. */
  readonly link: string
  /** Measured views behind it. */
  readonly samples: number
  /** Measured views from which on the rule says anything. */
  readonly minSamples: number
  readonly figures: readonly Figure[]
  /** The most likely first; empty where a rule knows none. */
  readonly reasons: readonly Reason[]
  /** ISO 3166-1 alpha-2; null if it is about no country. */
  readonly country: string | null
  /** The CMS's id of the post; null if it is about no post. */
  readonly post: string | null
}

/** A finding of a rule. */
export interface Finding {
  /** What it is about: a rule finds something about a subject once. */
  readonly subject: string
  readonly content: FindingContent
  /** How far it deviates, ratio 0-1; comparable between findings of one rule. */
  readonly effect: number
  /** Views of four weeks that it concerns × effect: findings are ranked by it. */
  readonly score: number
}

/** An asset that is the largest element of views. */
export interface LargestPicture {
  /** Without query. */
  readonly url: string
  /** bytes */
  readonly size: number
  /** The post that has it. */
  readonly post: string
  /** Views of which it was the largest element. */
  readonly views: BreakdownRow['metrics']
}

/** A picture that is the largest element on phones. */
export interface PhonePicture extends Omit<LargestPicture, 'views'> {
  /** Measured views on phones of which it was the largest element, and on desktops. */
  readonly phoneViews: number
  readonly desktopViews: number
  /** 75th percentile on these phones, ms; null if it was not measured. */
  readonly lcp: number | null
}

/** Visits that a search engine led to in all countries. */
export interface EngineWeeks {
  /** Null: a search engine that is not known. */
  readonly engine: string | null
  /** Mean visits per week in the last weeks, and in the 24 before. */
  readonly recent: number
  readonly earlier: number
  /** The number of the last weeks. */
  readonly weeks: number
}

/** What the rules know of a site: its regions, and its views of the last four weeks. */
export interface SiteFacts {
  readonly site: SiteId
  readonly regions: SiteRegions
  readonly countries: readonly BreakdownRow[]
  readonly posts: readonly BreakdownRow[]
  /** Address of each published post, by id. */
  readonly postUrls: ReadonlyMap<string, string>
  readonly pictures: readonly LargestPicture[]
  readonly phonePictures: readonly PhonePicture[]
  /** Empty while there are too few counted weeks. */
  readonly engines: readonly EngineWeeks[]
  /** The days of the last eight weeks, UTC, oldest first. */
  readonly days: readonly SeriesPoint[]
  /** Releases of these weeks. */
  readonly releases: readonly Release[]
  readonly experiment: Experiment
}

/** A rule: a pure function from facts to findings. */
export interface Rule {
  /** Stable: findings are stored under it. */
  readonly name: string
  /** What it finds, as a heading. */
  readonly title: string
  /** When it speaks, for the graph. */
  readonly description: string
  find(facts: SiteFacts): Finding[]
}
