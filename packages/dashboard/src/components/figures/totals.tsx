import type { SiteReportQuery } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { duration, EstimateFigure, milliseconds } from './estimate.tsx'
import { Figure } from './figure.tsx'
import { SourceBar } from './source-bar.tsx'

/** The figures of all views together. */
export type TotalFigures = NonNullable<SiteReportQuery['site']>['report']['totals']

export function Totals({ totals }: { readonly totals: TotalFigures }) {
  const { views, reliability, speed, delivery, engagement } = totals
  const hitRatio = delivery.peerHitRatio
  return (
    <section aria-labelledby="totals">
      <h2 id="totals" class="visually-hidden">
        Totals
      </h2>
      <div class="panel delivery">
        <dl class="lead">
          <Figure label="Peer-hit ratio" value={hitRatio === null ? null : format.ratio(hitRatio)}>
            of asset bytes came from other readers
          </Figure>
        </dl>
        <SourceBar bytes={delivery.bytes} />
      </div>
      <dl class="figures">
        <Figure label="Views" value={format.count(views)}>
          page views measured
        </Figure>
        <EstimateFigure label="LCP, 75th percentile" estimate={speed.lcp} scale={milliseconds} />
        <EstimateFigure label="Engaged time, median" estimate={engagement.engagedMs} scale={duration} />
        <Figure
          label="Asset success"
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

/** Of sites whose videos and sounds nobody played there is nothing to tell. */
function Stalling({
  reliability: { stallRatio, stalls },
}: {
  readonly reliability: TotalFigures['reliability']
}) {
  if (stallRatio === null) return null
  const times = stalls === 1 ? 'once' : `${format.count(stalls)} times`
  return (
    <Figure label="Stalling" value={format.ratio(stallRatio)}>
      {stalls === 0 ? 'videos and sounds never waited for data' : `of playing time, ${times}`}
    </Figure>
  )
}

function WrongBytes({ reliability }: { readonly reliability: TotalFigures['reliability'] }) {
  const { wrongBytes, rejectedChunks, droppedPeers, assetSuccessRatio } = reliability
  // Without a single asset nothing was checked.
  const isMeasured = assetSuccessRatio !== null || wrongBytes > 0
  const thrownAway =
    rejectedChunks === 0
      ? 'no bad chunk was offered'
      : `${format.count(rejectedChunks)} bad ${rejectedChunks === 1 ? 'chunk' : 'chunks'} thrown away, ` +
        `${format.count(droppedPeers)} ${droppedPeers === 1 ? 'peer' : 'peers'} dropped`
  return (
    <Figure
      label="Wrong bytes"
      value={isMeasured ? format.bytes(wrongBytes) : null}
      tone={wrongBytes > 0 ? 'bad' : undefined}
    >
      {isMeasured && thrownAway}
    </Figure>
  )
}
