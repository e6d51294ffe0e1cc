import { bytes, count, figure, type Group, ratioOf, shareOfViews } from './metric.ts'
import { couldGive } from './manifest-pages.ts'

const hasAssets = 'assets_complete + assets_failed > 0'

const completeAssets = figure('total_assets_complete', 'assets_complete')
const failedAssets = figure('total_assets_failed', 'assets_failed')
const viewsWithAssets = figure('asking_views', hasAssets)
const viewsWithoutFailure = figure('successful_views', 'assets_complete > 0 AND assets_failed = 0')
const playingMs = figure('playing_ms', 'ifNull(played_ms, 0)')
const standingMs = figure('standing_ms', 'ifNull(stalled_ms, 0)')

/** Whether readers got what their browsers requested. */
export const reliability = {
  kind: 'group',
  typeName: 'Reliability',
  description: 'Whether readers got the assets that their browsers requested.',
  members: {
    errorFreeRatio: shareOfViews({
      label: 'Error-free views',
      description:
        'Views without an uncaught script error ÷ views that listened for one, 0-1; null when none did.',
      part: figure('error_free_views', 'ifNull(script_errors = 0, false)'),
      whole: figure('listening_views', 'script_errors IS NOT NULL'),
    }),
    assetSuccessRatio: ratioOf({
      label: 'Asset success',
      description: 'Complete assets ÷ all requested assets, 0-1; null when none was requested.',
      part: completeAssets,
      whole: [completeAssets, failedAssets],
    }),
    viewSuccessRatio: shareOfViews({
      label: 'View success',
      description: 'Views without a failed asset ÷ views with assets, 0-1; null when there is none.',
      part: viewsWithoutFailure,
      whole: viewsWithAssets,
    }),
    viewsWithAssets: count({
      label: 'Views with assets',
      unit: 'views',
      description: 'Views that requested an asset.',
      figure: viewsWithAssets,
    }),
    viewsWithoutFailure: count({
      label: 'Views without a failed asset',
      unit: 'views',
      description: 'Views that requested assets and got all of them.',
      figure: viewsWithoutFailure,
    }),
    fallbackRatio: shareOfViews({
      label: 'Views with a fallback',
      description:
        'Assisted views with a request that the origin completed after peers were asked ÷ assisted views with assets, 0-1; null when there is none.',
      part: figure('fallback_views', `${couldGive} AND fallbacks > 0 AND ${hasAssets}`),
      whole: figure('assisted_views', `${couldGive} AND ${hasAssets}`),
    }),
    wrongChunkRatio: shareOfViews({
      label: 'Views with a rejected chunk',
      description:
        'Views that rejected a chunk because its verification failed ÷ views that got chunks from peers, seeds or mirrors, 0-1; null when none did.',
      part: figure('rejecting_views', 'rejected_chunks > 0'),
      whole: figure('helped_views', 'bytes_peer + bytes_seed + bytes_mirror > 0 OR rejected_chunks > 0'),
    }),
    stallRatio: ratioOf({
      label: 'Stalling',
      description:
        'Time that videos and sounds waited for data ÷ time that they played or waited, 0-1; null when none played.',
      part: standingMs,
      whole: [playingMs, standingMs],
    }),
    stalls: count({
      label: 'Stalls',
      unit: 'stalls',
      description: 'How often a video or sound waited for data.',
      figure: figure('stall_count', 'ifNull(stalls, 0)'),
    }),
    wrongBytes: bytes({
      label: 'Wrong bytes',
      description: "Bytes that reached a page and did not match the post's manifest. Must be 0.",
      figure: figure('total_wrong_bytes', 'wrong_bytes'),
    }),
    rejectedChunks: count({
      label: 'Rejected chunks',
      unit: 'chunks',
      description: 'Chunks from peers that failed verification and were discarded.',
      figure: figure('total_rejected_chunks', 'rejected_chunks'),
    }),
    droppedPeers: count({
      label: 'Dropped peers',
      unit: 'peers',
      description: 'Peers that were dropped because they sent such a chunk.',
      figure: figure('total_dropped_peers', 'dropped_peers'),
    }),
    fallbacks: count({
      label: 'Fallbacks',
      unit: 'requests',
      description: 'Requests that the origin completed after peers were asked.',
      figure: figure('total_fallbacks', 'fallbacks'),
    }),
  },
} as const satisfies Group
