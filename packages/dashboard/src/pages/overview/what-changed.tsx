import { useId } from 'preact/hooks'
import type { ComparedFragment, FindingFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { changeOf, isClearChange } from '../../report/change.ts'
import type { Comparison } from '../../report/comparison.ts'
import { format } from '../../report/page-format.ts'
import { formatReportState, type ReportState } from '../../report/report-state.ts'
import { mainFigures } from './main-figures.ts'

interface WhatChangedProps {
  readonly siteId: string
  readonly state: ReportState
  readonly findings: readonly FindingFragment[]
  /** null: nothing is compared. */
  readonly compared: ComparedFragment | null
}

/** What deserves attention first, then which main figures changed clearly. */
export function WhatChanged({ siteId, state, findings, compared }: WhatChangedProps) {
  const id = useId()
  const { overview } = messages
  return (
    <section class="panel what-changed" aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{overview.changed}</h2>
        <a href={`${hrefOf(sitePath(siteId, 'findings'))}?${formatReportState(state)}`}>
          {overview.allFindings}
        </a>
      </div>
      <ul class="changes">
        {findings.map(({ id: findingId, title, sentence }) => (
          <li key={findingId} class="change-item finding-item">
            <strong>{title}</strong>
            <span>{sentence}</span>
          </li>
        ))}
        {compared !== null && <Changes compared={compared} compare={state.compare} />}
        {compared === null && findings.length === 0 && <li class="hint">{overview.noFindings}</li>}
      </ul>
    </section>
  )
}

interface ChangesProps {
  readonly compared: ComparedFragment
  readonly compare: Comparison
}

function Changes({ compared, compare }: ChangesProps) {
  const { overview } = messages
  if (!hasBaseline(compared)) return <li class="hint">{overview.noBaseline(phraseOfComparison(compare))}</li>
  const changes = mainFigures.flatMap((figure) => {
    const change = changeOf(compared, figure.metric)
    if (change === null || !isClearChange(change)) return []
    const { ratio, value, baseline } = change
    if (ratio === null || value === null || baseline === null) return []
    const isBetter = figure.isMoreBetter === ratio > 0
    const say = ratio > 0 ? overview.up : overview.down
    const size = format.ratio(Math.abs(ratio))
    const sentence = say(figure.label, size, figure.format(value), figure.format(baseline))
    return [{ key: figure.key, isBetter, sentence }]
  })
  if (changes.length === 0) {
    return <li class="hint">{overview.nothingChanged(phraseOfComparison(compare))}</li>
  }
  return (
    <>
      {changes.map(({ key, isBetter, sentence }) => (
        <li key={key} class="change-item">
          <span class={`change ${isBetter ? 'better' : 'worse'}`}>
            {isBetter ? overview.better : overview.worse}
          </span>
          <span>{sentence}</span>
        </li>
      ))}
    </>
  )
}

/** Whether the compared range has views. */
export function hasBaseline(compared: ComparedFragment | null): boolean {
  return (changeOf(compared, 'VIEWS')?.baseline ?? 0) > 0
}

function phraseOfComparison(compare: Comparison): string {
  const { compare: texts, ranges } = messages
  if (typeof compare !== 'string') return ranges.days(compare.from, compare.to)
  return compare === 'year' ? texts.phrase.year : texts.phrase.previous
}
