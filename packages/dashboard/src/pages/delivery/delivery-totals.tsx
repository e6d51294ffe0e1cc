import type { ComponentChildren } from 'preact'
import { ChangeNote, points } from '../../components/figures/change-note.tsx'
import { Figure } from '../../components/figures/figure.tsx'
import { SourceBar } from '../../components/figures/source-bar.tsx'
import type { ComparedFragment, DeliveryTotalsFragment, MetricName } from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { messages } from '../../messages/messages.ts'
import { changeOf } from '../../report/change.ts'
import { format } from '../../report/page-format.ts'

interface DeliveryTotalsProps {
  readonly totals: DeliveryTotalsFragment
  /** null: nothing is compared. */
  readonly compared: ComparedFragment | null
}

/** The figures of delivery of all views together. */
export function DeliveryTotals({ totals, compared }: DeliveryTotalsProps) {
  const { delivery, reliability } = totals
  const { peerHitRatio, residualOriginLoad, bytesSaved, savings, uploaded, fairness, connectedRatio } =
    delivery
  const { delivery: texts } = messages
  const share = (metric: MetricName, isMoreBetter: boolean) => (
    <ChangeNote
      change={changeOf(compared, metric)}
      format={format.ratio}
      formatDifference={points}
      isMoreBetter={isMoreBetter}
    />
  )
  const bytes = (metric: MetricName, isMoreBetter: boolean) => (
    <ChangeNote change={changeOf(compared, metric)} format={format.bytes} isMoreBetter={isMoreBetter} />
  )
  const ratio = (value: number | null) => (value === null ? null : format.ratio(value))
  return (
    <section aria-label={texts.totals}>
      <div class="panel delivery">
        <dl class="lead">
          <Figure label={metricLabels['delivery.peerHitRatio'].label} value={ratio(peerHitRatio)}>
            <span>{texts.leadNote}</span>
            {share('DELIVERY_PEER_HIT_RATIO', true)}
          </Figure>
        </dl>
        <SourceBar bytes={delivery.bytes} />
      </div>
      <dl class="figures delivery-figures">
        <Figure
          label={metricLabels['delivery.bytesSaved'].label}
          value={bytesSaved === null ? null : format.bytes(bytesSaved)}
        >
          <span>{texts.saved}</span>
          {bytes('DELIVERY_BYTES_SAVED', true)}
          {savings !== null && <Worth savings={savings} />}
        </Figure>
        <Figure label={metricLabels['delivery.residualOriginLoad'].label} value={ratio(residualOriginLoad)}>
          <span>{texts.residual}</span>
          {share('DELIVERY_RESIDUAL_ORIGIN_LOAD', false)}
        </Figure>
        <Figure label={metricLabels['delivery.uploaded'].label} value={format.bytes(uploaded)}>
          <span>{texts.uploaded}</span>
          {bytes('DELIVERY_UPLOADED', true)}
        </Figure>
        <Figure label={metricLabels['delivery.connectedRatio'].label} value={ratio(connectedRatio)}>
          <span>{texts.connected}</span>
          {share('DELIVERY_CONNECTED_RATIO', true)}
        </Figure>
        <Figure
          label={metricLabels['delivery.fairness'].label}
          value={fairness === null ? null : fairness.toFixed(2)}
        >
          <span>{texts.fairness}</span>
          <ChangeNote
            change={changeOf(compared, 'DELIVERY_FAIRNESS')}
            format={(value) => value.toFixed(2)}
            isMoreBetter
          />
        </Figure>
        <Figure
          label={metricLabels['reliability.assetSuccessRatio'].label}
          value={ratio(reliability.assetSuccessRatio)}
        >
          <span>{texts.success}</span>
          {share('RELIABILITY_ASSET_SUCCESS_RATIO', true)}
        </Figure>
        <Figure
          label={metricLabels['reliability.fallbackRatio'].label}
          value={ratio(reliability.fallbackRatio)}
        >
          <span>{texts.fallback}</span>
          {share('RELIABILITY_FALLBACK_RATIO', false)}
        </Figure>
        <Stalling reliability={reliability}>{share('RELIABILITY_STALL_RATIO', false)}</Stalling>
        <WrongBytes reliability={reliability}>{bytes('RELIABILITY_WRONG_BYTES', false)}</WrongBytes>
      </dl>
    </section>
  )
}

/** What the saved bytes are worth at the site's rates. A site without a price has only the carbon. */
function Worth({
  savings: { money, currency, carbonGrams },
}: {
  readonly savings: NonNullable<DeliveryTotalsFragment['delivery']['savings']>
}) {
  const { delivery } = messages
  return (
    <span title={delivery.worthHint}>
      {delivery.worth(
        money === null || currency === null ? null : format.money(money, currency),
        format.grams(carbonGrams),
      )}
    </span>
  )
}

interface ReliabilityProps {
  readonly reliability: DeliveryTotalsFragment['reliability']
  /** How the figure changed. */
  readonly children: ComponentChildren
}

/** Shows nothing for a site whose videos and sounds nobody played. */
function Stalling({ reliability: { stallRatio, stalls }, children }: ReliabilityProps) {
  if (stallRatio === null) return null
  const { delivery } = messages
  return (
    <Figure label={metricLabels['reliability.stallRatio'].label} value={format.ratio(stallRatio)}>
      <span>{stalls === 0 ? delivery.stallsNever : delivery.stalls(format.count(stalls), stalls === 1)}</span>
      {children}
    </Figure>
  )
}

function WrongBytes({ reliability, children }: ReliabilityProps) {
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
      {isMeasured && <span>{thrownAway}</span>}
      {isMeasured && children}
    </Figure>
  )
}
