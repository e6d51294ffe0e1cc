/** A percentile with its 95 % confidence interval. */
export interface Quantile {
  /** Which one, ratio 0-1. */
  readonly p: number
  readonly value: number
  readonly low: number
  readonly high: number
  /** Views that measured it. */
  readonly samples: number
  /** Whether there are samples enough to believe the interval: {@link enoughSamples}. */
  readonly enough: boolean
  /** How far each of the three values may be from the exact one, ratio: 0, or the width of a bin where bins were counted. */
  readonly error: number
}

/** Views by how good a vital of theirs was. */
export interface Ratings {
  readonly good: number
  readonly needsImprovement: number
  readonly poor: number
}

/**
 * Below 30 samples the normal approximation under the interval of a 75th percentile does not hold: its upper end
 * falls off the data (n·(1-p) < 8).
 */
export const enoughSamples = 30

/** What a set of views experienced. null is not measured, which is not 0. */
export interface Metrics {
  readonly views: number
  /** Views there would be if every session was measured: each stands for 1 ÷ its sampling. */
  readonly estimatedViews: number
  readonly reliability: {
    /** Views without an error that nobody caught ÷ views that listened for one, ratio 0-1. */
    readonly errorFree: number | null
    /** Assets complete ÷ assets asked for, ratio 0-1. */
    readonly assetSuccess: number | null
    /** Views without a failed asset ÷ views that asked for one, ratio 0-1. */
    readonly viewSuccess: number | null
    /** Assisted views with a request that the origin had to complete ÷ assisted views that asked for an asset, ratio 0-1. */
    readonly fallback: number | null
    /** Views that threw a chunk away ÷ views that got one from a peer, seed or mirror, ratio 0-1. */
    readonly wrongChunk: number | null
    /** Time that videos and sounds stood still for want of data ÷ time that they played or did so, ratio 0-1. */
    readonly stall: number | null
    readonly stalls: number
    /** bytes */
    readonly wrongBytes: number
    readonly rejectedChunks: number
    readonly droppedPeers: number
    readonly fallbacks: number
  }
  /** 75th percentiles; ms, `cls` is a score. */
  readonly speed: {
    readonly lcp: Quantile | null
    readonly inp: Quantile | null
    readonly cls: Quantile | null
    readonly fcp: Quantile | null
    readonly ttfb: Quantile | null
    readonly load: Quantile | null
  }
  /** By the thresholds of web.dev; null where no view measured the vital. */
  readonly ratings: {
    readonly lcp: Ratings | null
    readonly inp: Ratings | null
    readonly cls: Ratings | null
    readonly fcp: Ratings | null
    readonly ttfb: Ratings | null
  }
  /** Apdex of LCP with a target of 2500 ms, 0-1. */
  readonly apdex: number | null
  readonly delivery: {
    /** Bytes from peers ÷ all asset bytes of pages with a manifest, ratio 0-1. */
    readonly peerHitRatio: number | null
    /** Asset bytes by where they came from. */
    readonly bytes: {
      readonly peer: number
      readonly seed: number
      readonly mirror: number
      readonly origin: number
      readonly cache: number
    }
    /** Bytes sent to other readers. */
    readonly uploaded: number
    /**
     * How evenly assisted readers gave: 1 when all gave the same, 1 ÷ n when one of n gave all; null when nobody gave
     * (Jain, Chiu and Hawe, A quantitative measure of fairness, DEC-TR-301, 1984).
     */
    readonly fairness: number | null
  }
  /** Medians. */
  readonly engagement: {
    /** ms */
    readonly engagedMs: Quantile | null
    /** ratio 0-1 */
    readonly scrollDepth: Quantile | null
  }
}

/** How readers went from view to view. A ratio of no sessions is null. */
export interface Sessions {
  readonly count: number
  readonly viewsPerSession: number | null
  /** Sessions with two views or more, or with 10 s of attention, ÷ sessions, ratio 0-1. */
  readonly engaged: number | null
  /** Sessions that were not engaged ÷ sessions, ratio 0-1. */
  readonly bounce: number | null
}

/** How many of the numbered snapshots came in. */
export interface Arrivals {
  /** The highest numbers of all views together. */
  readonly sent: number
  readonly received: number
  /** (sent - received) ÷ sent, ratio 0-1; null when none was sent. */
  readonly loss: number | null
}

/** The metrics of the views that started from `start` on, for one interval. */
export interface SeriesPoint {
  readonly start: Date
  readonly metrics: Metrics
}

/** The metrics of the views that share a key; null is the key of those where it isn't known. */
export interface BreakdownRow {
  readonly key: string | null
  readonly metrics: Metrics
}
