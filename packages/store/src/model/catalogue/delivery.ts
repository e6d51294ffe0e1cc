import { ratio } from '../values.ts'
import { couldGive } from './manifest-pages.ts'
import {
  bytes,
  bytesWhereMeasured,
  computed,
  figure,
  type Group,
  ratioOf,
  realFigure,
  shareOfViews,
} from './metric.ts'

const peerBytes = figure('total_bytes_peer', 'bytes_peer')
const seedBytes = figure('total_bytes_seed', 'bytes_seed')
const mirrorBytes = figure('total_bytes_mirror', 'bytes_mirror')

/** Bytes of pages with a manifest. On other pages peers could not help, so their bytes are no miss. */
const shareableBytes = figure(
  'shareable_bytes',
  'if(has_delivery, bytes_peer + bytes_seed + bytes_mirror + bytes_origin + bytes_cache, 0)',
)

/** Bytes that pages with a manifest loaded from the origin. */
const manifestOriginBytes = figure('manifest_origin_bytes', 'if(has_delivery, bytes_origin, 0)')

const givingViews = figure('giving_views', couldGive)
const givenBytes = realFigure('given_bytes', `if(${couldGive}, toFloat64(uploaded), 0)`)
const givenSquares = realFigure('given_squares', `if(${couldGive}, pow(toFloat64(uploaded), 2), 0)`)

const bytesBySource = {
  kind: 'group',
  typeName: 'BytesBySource',
  description: 'Asset bytes by where they came from.',
  members: {
    peer: bytes({
      label: 'Other readers',
      description: "Other readers' browsers.",
      figure: peerBytes,
    }),
    seed: bytes({ label: 'Seeds', description: 'Always-on peers.', figure: seedBytes }),
    mirror: bytes({ label: 'Mirror', description: "The server's copy.", figure: mirrorBytes }),
    origin: bytes({
      label: 'Your site',
      description: 'The site itself.',
      figure: figure('total_bytes_origin', 'bytes_origin'),
    }),
    cache: bytes({
      label: 'Browser cache',
      description: "The reader's own browser.",
      figure: figure('total_bytes_cache', 'bytes_cache'),
    }),
  },
} as const satisfies Group

/** Where the assets came from. */
export const delivery = {
  kind: 'group',
  typeName: 'Delivery',
  description: 'Where the assets came from.',
  members: {
    peerHitRatio: ratioOf({
      label: 'Peer-hit ratio',
      description:
        'Bytes from peers ÷ all asset bytes of pages that had a manifest, 0-1; null when there were none.',
      part: peerBytes,
      whole: [shareableBytes],
    }),
    residualOriginLoad: ratioOf({
      label: 'Residual origin load',
      description:
        'Bytes from the origin ÷ bytes that the origin would have sent if each reader had loaded one copy of the same assets from it, 0-1; null when there were none. The second is the bytes from origin, peers, seeds and mirrors together, of pages that had a manifest: an asset in the browser cache needs no copy.',
      part: manifestOriginBytes,
      whole: [manifestOriginBytes, peerBytes, seedBytes, mirrorBytes],
    }),
    bytesSaved: bytesWhereMeasured({
      label: 'Bytes saved',
      description:
        'Bytes that came from peers, seeds and mirrors, so that the origin did not send them; null when pages with a manifest loaded no asset.',
      figures: [peerBytes, seedBytes, mirrorBytes],
      measured: shareableBytes,
    }),
    bytes: bytesBySource,
    uploaded: bytes({
      label: 'Uploaded',
      description: 'Bytes readers sent to each other.',
      figure: figure('total_uploaded', 'uploaded'),
    }),
    connectedRatio: shareOfViews({
      label: 'Connected views',
      description:
        'Assisted views that had an open connection to a peer at some time ÷ assisted views of pages with a manifest, 0-1; null when there is none. A view whose post nobody else reads has nobody to connect to.',
      part: figure('connected_views', `${couldGive} AND peers > 0`),
      whole: givingViews,
    }),
    // Jain, Chiu and Hawe, A quantitative measure of fairness, DEC-TR-301, 1984.
    fairness: computed({
      label: 'Fairness',
      description:
        "Jain's index of the bytes that assisted readers uploaded: 1 when all gave the same, 1 ÷ n when one of n gave all; null when none gave.",
      formula: 'given_bytes² ÷ (giving_views × given_squares)',
      figures: [givingViews, givenBytes, givenSquares],
      compute: ({ sum }) => ratio(sum(givenBytes) ** 2, sum(givingViews) * sum(givenSquares)),
    }),
  },
} as const satisfies Group
