import type { EstimateFragment } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { messages } from '../../messages/messages.ts'
import { NotMeasured } from './not-measured.tsx'
import type { Scale } from './scales.ts'

interface EstimateProps {
  readonly estimate: EstimateFragment | null
  readonly scale: Scale
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
  const { overview } = messages
  const count = format.count(samples)
  if (!enough) return <span title={overview.few}>{overview.notEnough(count)}</span>
  return <span title={overview.interval}>{overview.samples(scale.range(low, high), count)}</span>
}
