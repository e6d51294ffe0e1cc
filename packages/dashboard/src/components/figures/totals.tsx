import type { SiteReportQuery } from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { format } from '../../report/page-format.ts'
import { duration, EstimateFigure, milliseconds } from './estimate.tsx'
import { Figure } from './figure.tsx'
import { SourceBar } from './source-bar.tsx'

/** The figures of all views together. */
export type TotalFigures = NonNullable<SiteReportQuery['site']>['report']['totals']

export function Totals({ totals }: { readonly totals: TotalFigures }) {
  const { views, reliability, speed, delivery, engagement } = totals
  const { peerHitRatio: hitRatio, residualOriginLoad, bytesSaved } = delivery
  return (
    <section aria-labelledby="totals">
      <h2 id="totals" class="visually-hidden">
        Totals
      </h2>
      <div class="panel delivery">
        <dl class="lead">
          <Figure
            label={metricLabels['delivery.peerHitRatio'].label}
            value={hitRatio === null ? null : format.ratio(hitRatio)}
          >
            of asset bytes came from other readers
          </Figure>
        </dl>
        <SourceBar bytes={delivery.bytes} />
      </div>
      <dl class="figures">
        <Figure label={metricLabels.views.label} value={format.count(views)}>
          page views measured
        </Figure>
        <Figure
          label={metricLabels['delivery.bytesSaved'].label}
          value={bytesSaved === null ? null : format.bytes(bytesSaved)}
        >
          came from readers, seeds and mirrors instead of your site
        </Figure>
        <Figure
          label={metricLabels['delivery.residualOriginLoad'].label}
          value={residualOriginLoad === null ? null : format.ratio(residualOriginLoad)}
        >
          of what your site would have sent alone
        </Figure>
        <EstimateFigure label={metricLabels['speed.lcp'].label} estimate={speed.lcp} scale={milliseconds} />
        <EstimateFigure
          label={metricLabels['speed.longFrameTime'].label}
          estimate={speed.longFrameTime}
          scale={milliseconds}
        />
        <EstimateFigure
          label={metricLabels['engagement.engagedMs'].label}
          estimate={engagement.engagedMs}
          scale={duration}
        />
        <Figure
          label={metricLabels['reliability.assetSuccessRatio'].label}
          value={reliability.assetSuccessRatio === null ? null : format.ratio(reliability.assetSuccessRatio)}
        >
          of requested assets complete
        </Figure>
        <Stalling reliability={reliability} />
        <WrongBytes reliability={reliability} />
      </dl>
    </section>
  )
}

/** Shows nothing for a site whose videos and sounds nobody played. */
function Stalling({
  reliability: { stallRatio, stalls },
}: {
  readonly reliability: TotalFigures['reliability']
}) {
  if (stallRatio === null) return null
  const times = stalls === 1 ? 'once' : `${format.count(stalls)} times`
  return (
    <Figure label={metricLabels['reliability.stallRatio'].label} value={format.ratio(stallRatio)}>
      {stalls === 0 ? 'videos and sounds never waited for data' : `of playing time, ${times}`}
    </Figure>
  )
}

function WrongBytes({ reliability }: { readonly reliability: TotalFigures['reliability'] }) {
  const { wrongBytes, rejectedChunks, droppedPeers, assetSuccessRatio } = reliability
  // Without an asset, no byte was verified.
  const isMeasured = assetSuccessRatio !== null || wrongBytes > 0
  const thrownAway =
    rejectedChunks === 0
      ? 'no bad chunk was offered'
      : `${format.count(rejectedChunks)} bad ${rejectedChunks === 1 ? 'chunk' : 'chunks'} thrown away, ` +
        `${format.count(droppedPeers)} ${droppedPeers === 1 ? 'peer' : 'peers'} dropped`
  return (
    <Figure
      label={metricLabels['reliability.wrongBytes'].label}
      value={isMeasured ? format.bytes(wrongBytes) : null}
      tone={wrongBytes > 0 ? 'bad' : undefined}
    >
      {isMeasured && thrownAway}
    </Figure>
  )
}
