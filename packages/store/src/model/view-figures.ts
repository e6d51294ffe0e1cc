import { apdexTarget, ratedVitals, vitalThresholds } from './measures.ts'

const total = (columns: readonly string[]): Record<string, string> =>
  Object.fromEntries(columns.map((column) => [`total_${column}`, `toUInt64(${column})`]))

/** Whether peers could help a view, and it them. */
const couldGive = "has_delivery AND arm = 'assisted'"

/** What one view adds to each figure, SQL over a row of `snapshots`, by the part of a report that is made of them. */
const figuresOf = {
  views: {
    view_count: 'toUInt64(1)',
    estimated_views: '1 / sampling',
  },
  reliability: {
    listening_views: 'toUInt64(script_errors IS NOT NULL)',
    error_free_views: 'toUInt64(ifNull(script_errors = 0, false))',
    asking_views: 'toUInt64(assets_complete + assets_failed > 0)',
    successful_views: 'toUInt64(assets_complete > 0 AND assets_failed = 0)',
    assisted_views: `toUInt64(${couldGive} AND assets_complete + assets_failed > 0)`,
    fallback_views: `toUInt64(${couldGive} AND fallbacks > 0 AND assets_complete + assets_failed > 0)`,
    helped_views: 'toUInt64(bytes_peer + bytes_seed + bytes_mirror > 0 OR rejected_chunks > 0)',
    rejecting_views: 'toUInt64(rejected_chunks > 0)',
    playing_ms: 'toUInt64(ifNull(played_ms, 0))',
    standing_ms: 'toUInt64(ifNull(stalled_ms, 0))',
    stall_count: 'toUInt64(ifNull(stalls, 0))',
    ...total([
      'assets_complete',
      'assets_failed',
      'wrong_bytes',
      'rejected_chunks',
      'dropped_peers',
      'fallbacks',
    ]),
  },
  ratings: {
    tolerated_views: `toUInt64(ifNull(lcp > ${apdexTarget} AND lcp <= ${4 * apdexTarget}, false))`,
    ...Object.fromEntries(
      // The columns are 32-bit floats, in which 0.1 is another number.
      ratedVitals.flatMap((vital) => [
        [`${vital}_good`, `toUInt64(ifNull(${vital} <= toFloat32(${vitalThresholds[vital].good}), false))`],
        [`${vital}_poor`, `toUInt64(ifNull(${vital} > toFloat32(${vitalThresholds[vital].poor}), false))`],
      ]),
    ),
  },
  delivery: {
    // Where no peer could have helped, what came from elsewhere is no miss.
    shareable_bytes:
      'toUInt64(if(has_delivery, bytes_peer + bytes_seed + bytes_mirror + bytes_origin + bytes_cache, 0))',
    giving_views: `toUInt64(${couldGive})`,
    given_bytes: `if(${couldGive}, toFloat64(uploaded), 0)`,
    given_squares: `if(${couldGive}, pow(toFloat64(uploaded), 2), 0)`,
    ...total(['bytes_peer', 'bytes_seed', 'bytes_mirror', 'bytes_origin', 'bytes_cache', 'uploaded']),
  },
} as const

/** Parts of a report beside its percentiles and the number of views. */
export type Section = Exclude<keyof typeof figuresOf, 'views'>
export const sections: readonly Section[] = ['reliability', 'ratings', 'delivery']

/** The names of the figures that these parts are made of; the number of views is always among them. */
export function figuresIn(asked: readonly Section[]): string[] {
  return Object.keys(figuresOf.views).concat(asked.flatMap((section) => Object.keys(figuresOf[section])))
}

/**
 * Whatever a report tells but percentiles is made of sums of these, so sums of sums are as good: rollups have a column
 * for each.
 */
export const viewFigures: Readonly<Record<string, string>> = {
  ...figuresOf.views,
  ...figuresOf.reliability,
  ...figuresOf.ratings,
  ...figuresOf.delivery,
}

export const figureNames = figuresIn(sections)
