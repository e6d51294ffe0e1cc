import type { EstimateFragment } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { Figure } from './figure.tsx'
import { NotMeasured } from './not-measured.tsx'

/** How the values of a percentile are formatted. */
export interface Scale {
  readonly value: (value: number) => string
  readonly range: (low: number, high: number) => string
}

interface EstimateProps {
  readonly estimate: EstimateFragment | null
  readonly scale: Scale
}

export const milliseconds: Scale = { value: format.ms, range: format.msRange }
export const duration: Scale = { value: format.duration, range: format.durationRange }

/** A percentile among the totals, with its interval and sample size. */
export function EstimateFigure({ label, estimate, scale }: EstimateProps & { readonly label: string }) {
  if (estimate === null) return <Figure label={label} value={null} />
  return (
    <Figure
      label={label}
      value={scale.value(estimate.value)}
      tone={estimate.enough ? undefined : 'uncertain'}
    >
      <EstimateNote estimate={estimate} scale={scale} />
    </Figure>
  )
}

/** A percentile in a table's cell. */
export function EstimateCell({ estimate, scale }: EstimateProps) {
  if (estimate === null) return <NotMeasured />
  return (
    <>
      <span class={estimate.enough ? '' : 'uncertain'}>{scale.value(estimate.value)}</span>
      <span class="cell-note">
        <EstimateNote estimate={estimate} scale={scale} />
      </span>
    </>
  )
}

function EstimateNote({
  estimate: { low, high, samples, enough },
  scale,
}: {
  readonly estimate: EstimateFragment
  readonly scale: Scale
}) {
  const size = `n\u00A0=\u00A0${format.count(samples)}`
  if (!enough) return <span title="Fewer than 30 views measured it">not enough data, {size}</span>
  return (
    <span title="95 % confidence interval, and how many views measured it">
      {scale.range(low, high)}, {size}
    </span>
  )
}
