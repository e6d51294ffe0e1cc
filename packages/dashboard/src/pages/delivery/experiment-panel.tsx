import { useId } from 'preact/hooks'
import { BreakdownTable } from '../../components/tables/breakdown-table.tsx'
import type { DifferenceFragment, ExperimentFragment } from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'

/** The experiment in words, and the figures of both groups. */
export function ExperimentPanel({ experiment }: { readonly experiment: ExperimentFragment }) {
  const id = useId()
  const { delivery } = messages
  const { assisted, control, speed } = experiment
  const differences = [
    { label: metricLabels['speed.lcp'].label, difference: speed.lcp },
    { label: metricLabels['speed.load'].label, difference: speed.load },
    { label: metricLabels['speed.inp'].label, difference: speed.inp },
  ].filter(({ difference }) => difference !== null)
  const hasBoth = assisted.views > 0 && control.views > 0
  return (
    <>
      <section class="panel experiment" aria-labelledby={id}>
        <h2 id={id}>{delivery.experiment}</h2>
        {hasBoth && differences.length > 0 ? (
          <ul class="changes">
            {differences.map(({ label, difference }) => (
              <li key={label} class="change-item">
                {difference !== null && <Verdict label={label} difference={difference} />}
              </li>
            ))}
          </ul>
        ) : (
          <p>{delivery.experimentNone}</p>
        )}
        <p class="hint">{delivery.experimentNote}</p>
      </section>
      {hasBoth && (
        <BreakdownTable
          caption={delivery.arms}
          header={delivery.arm}
          rows={[
            { key: delivery.assisted, metrics: assisted },
            { key: delivery.control, metrics: control },
          ]}
        />
      )}
    </>
  )
}

interface VerdictProps {
  readonly label: string
  readonly difference: DifferenceFragment
}

/** Says what the experiment shows about one metric, in words. */
function Verdict({ label, difference }: VerdictProps) {
  const { delivery, overview } = messages
  const { value, low, high, samples, baselineSamples, enough, conclusive } = difference
  if (!enough) {
    return <span>{delivery.tooFew(label, format.count(samples), format.count(baselineSamples))}</span>
  }
  if (!conclusive) return <span>{delivery.undecided(label, signed(low), signed(high))}</span>
  const isBetter = value < 0
  // The ends of the interval as amounts, the smaller one first.
  const [near, far] = [Math.abs(low), Math.abs(high)].toSorted((a, b) => a - b)
  const say = isBetter ? delivery.helped : delivery.hurt
  return (
    <>
      <span class={`change ${isBetter ? 'better' : 'worse'}`}>
        {isBetter ? overview.better : overview.worse}
      </span>
      <span>{say(label, format.ms(Math.abs(value)), format.ms(near ?? 0), format.ms(far ?? 0))}</span>
    </>
  )
}

function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${format.ms(Math.abs(ms))}`
}
