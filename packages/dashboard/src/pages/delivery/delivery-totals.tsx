import { Figure } from '../../components/figures/figure.tsx'
import { SourceBar } from '../../components/figures/source-bar.tsx'
import type { DeliveryTotalsFragment } from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'

/** The figures of delivery of all views together. */
export function DeliveryTotals({ totals }: { readonly totals: DeliveryTotalsFragment }) {
  const { delivery, reliability } = totals
  const { peerHitRatio, residualOriginLoad, bytesSaved, uploaded, fairness } = delivery
  const { delivery: texts } = messages
  const ratio = (value: number | null) => (value === null ? null : format.ratio(value))
  return (
    <section aria-label={texts.totals}>
      <div class="panel delivery">
        <dl class="lead">
          <Figure label={metricLabels['delivery.peerHitRatio'].label} value={ratio(peerHitRatio)}>
            {texts.leadNote}
          </Figure>
        </dl>
        <SourceBar bytes={delivery.bytes} />
      </div>
      <dl class="figures delivery-figures">
        <Figure
          label={metricLabels['delivery.bytesSaved'].label}
          value={bytesSaved === null ? null : format.bytes(bytesSaved)}
        >
          {texts.saved}
        </Figure>
        <Figure label={metricLabels['delivery.residualOriginLoad'].label} value={ratio(residualOriginLoad)}>
          {texts.residual}
        </Figure>
        <Figure label={metricLabels['delivery.uploaded'].label} value={format.bytes(uploaded)}>
          {texts.uploaded}
        </Figure>
        <Figure
          label={metricLabels['delivery.fairness'].label}
          value={fairness === null ? null : fairness.toFixed(2)}
        >
          {texts.fairness}
        </Figure>
        <Figure
          label={metricLabels['reliability.assetSuccessRatio'].label}
          value={ratio(reliability.assetSuccessRatio)}
        >
          {texts.success}
        </Figure>
        <Figure
          label={metricLabels['reliability.fallbackRatio'].label}
          value={ratio(reliability.fallbackRatio)}
        >
          {texts.fallback}
        </Figure>
        <Stalling reliability={reliability} />
        <WrongBytes reliability={reliability} />
      </dl>
    </section>
  )
}

type Reliability = DeliveryTotalsFragment['reliability']

/** Shows nothing for a site whose videos and sounds nobody played. */
function Stalling({ reliability: { stallRatio, stalls } }: { readonly reliability: Reliability }) {
  if (stallRatio === null) return null
  const { delivery } = messages
  return (
    <Figure label={metricLabels['reliability.stallRatio'].label} value={format.ratio(stallRatio)}>
      {stalls === 0 ? delivery.stallsNever : delivery.stalls(format.count(stalls), stalls === 1)}
    </Figure>
  )
}

function WrongBytes({ reliability }: { readonly reliability: Reliability }) {
  const { wrongBytes, rejectedChunks, droppedPeers, assetSuccessRatio } = reliability
  // Without an asset, no byte was verified.
  const isMeasured = assetSuccessRatio !== null || wrongBytes > 0
  const { delivery } = messages
  const thrownAway =
    rejectedChunks === 0
      ? delivery.noBadChunk
      : delivery.badChunks(format.count(rejectedChunks), format.count(droppedPeers))
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
