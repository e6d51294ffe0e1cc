import { useId } from 'preact/hooks'
import { ChangeNote } from '../../components/figures/change-note.tsx'
import { EstimateCell } from '../../components/figures/estimate.tsx'
import { NotMeasured } from '../../components/figures/not-measured.tsx'
import { ReportTable } from '../../components/tables/report-table.tsx'
import type {
  ComparedFragment,
  RatingFragment,
  VitalRatingsFragment,
  VitalsFragment,
} from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { changeOf } from '../../report/change.ts'
import { format } from '../../report/page-format.ts'
import { ratingOf, type Vital, vitals } from './vitals.ts'

interface DistributionsProps {
  readonly speed: VitalsFragment
  readonly ratings: VitalRatingsFragment
  /** null: nothing is compared. */
  readonly compared: ComparedFragment | null
}

/** The shares of good, middling and poor views of each measure, with the thresholds and the 75th percentile. */
export function Distributions({ speed, ratings, compared }: DistributionsProps) {
  const id = useId()
  const { speed: texts } = messages
  return (
    <>
      <section class="panel distributions" aria-labelledby={id}>
        <h2 id={id}>{texts.title}</h2>
        <p class="verdict">{verdictOf(speed)}</p>
        <p class="hint">{texts.hint}</p>
        {vitals.map((vital) => (
          <Distribution key={vital.key} vital={vital} speed={speed} ratings={ratings} compared={compared} />
        ))}
      </section>
      <RatingTable speed={speed} ratings={ratings} />
    </>
  )
}

/** Says whether the Core Web Vitals pass: all three 75th percentiles are good. */
function verdictOf(speed: VitalsFragment): string {
  const { speed: texts } = messages
  const core = vitals.filter(({ isCore }) => isCore)
  const isKnown = core.every(({ key }) => speed[key]?.enough === true)
  const failed = core.filter((vital) => {
    const value = speed[vital.key]
    return value !== null && value.enough && ratingOf(vital, value.value) !== 'good'
  })
  if (failed.length > 0) return texts.fails(failed.map(({ short }) => short).join(', '))
  return isKnown ? texts.passes : texts.unknown
}

function Distribution({ vital, speed, ratings, compared }: DistributionsProps & { readonly vital: Vital }) {
  const { speed: texts } = messages
  const { key, name, good, poor, scale } = vital
  const rating = ratings[key]
  const estimate = speed[key]
  const total = rating === null ? 0 : totalOf(rating)
  const parts =
    rating === null
      ? []
      : ([
          ['good', texts.good, rating.good, texts.upTo(scale.value(good))],
          [
            'middling',
            texts.needsImprovement,
            rating.needsImprovement,
            texts.between(scale.value(good), scale.value(poor)),
          ],
          ['poor', texts.poor, rating.poor, texts.over(scale.value(poor))],
        ] as const)
  return (
    <figure class="distribution">
      <figcaption>
        <span>{name}</span>
        <span class={estimate === null ? '' : `rating-text ${ratingOf(vital, estimate.value)}`}>
          {estimate === null ? <NotMeasured /> : scale.value(estimate.value)}
        </span>
      </figcaption>
      {compared !== null && (
        <p class="distribution-change">
          <ChangeNote change={changeOf(compared, vital.metric)} format={scale.value} isMoreBetter={false} />
        </p>
      )}
      {total === 0 ? (
        <p class="hint">{texts.none}</p>
      ) : (
        <>
          <div class="rating-bar" aria-hidden="true">
            {parts.map(
              ([part, , count]) =>
                count > 0 && <span key={part} class={`rating-${part}`} style={{ flexGrow: String(count) }} />,
            )}
          </div>
          <ul class="legend">
            {parts.map(([part, label, count, range]) => (
              <li key={part}>
                <span class={`swatch rating-${part}`} />
                {label} <span class="legend-bytes">{range}</span>
                <span class="legend-share">{format.ratio(count / total)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </figure>
  )
}

function RatingTable({ speed, ratings }: Omit<DistributionsProps, 'compared'>) {
  const { speed: texts } = messages
  const share = (vital: Vital, part: keyof RatingFragment) => {
    const rating = ratings[vital.key]
    const total = rating === null ? 0 : totalOf(rating)
    return rating === null || total === 0 ? null : rating[part] / total
  }
  const shareColumn = (header: string, part: keyof RatingFragment) => ({
    header,
    sortBy: (vital: Vital) => share(vital, part),
    cell: (vital: Vital) => {
      const value = share(vital, part)
      return value === null ? <NotMeasured /> : format.ratio(value)
    },
  })
  return (
    <ReportTable
      caption={texts.table}
      rows={vitals}
      rowKey={({ key }) => key}
      isSorted
      columns={[
        { header: texts.metric, sortBy: ({ name }) => name, cell: ({ name }) => name },
        shareColumn(texts.good, 'good'),
        shareColumn(texts.needsImprovement, 'needsImprovement'),
        shareColumn(texts.poor, 'poor'),
        {
          header: texts.p75,
          sortBy: ({ key }) => speed[key]?.value ?? null,
          cell: ({ key, scale }) => <EstimateCell estimate={speed[key]} scale={scale} />,
        },
      ]}
    />
  )
}

function totalOf({ good, needsImprovement, poor }: RatingFragment): number {
  return good + needsImprovement + poor
}
