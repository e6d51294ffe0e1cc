import { useId } from 'preact/hooks'
import type { FindingFragment, MainFiguresFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { changeOf } from '../../report/change.ts'
import type { Comparison } from '../../report/comparison.ts'
import { format } from '../../report/page-format.ts'
import { formatReportState, type ReportState } from '../../report/report-state.ts'
import { mainFigures } from './main-figures.ts'
import { measuredOf } from './measured.ts'

interface WhatChangedProps {
  readonly siteId: string
  readonly state: ReportState
  readonly findings: readonly FindingFragment[]
  /** null: they could not be loaded. */
  readonly totals: MainFiguresFragment | null
  /** Of the compared range; null: nothing is compared. */
  readonly base: MainFiguresFragment | null
}

/** What deserves attention first, then which main figures changed clearly. */
export function WhatChanged({ siteId, state, findings, totals, base }: WhatChangedProps) {
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
        {base !== null && totals !== null && <Changes totals={totals} base={base} compare={state.compare} />}
        {base === null && findings.length === 0 && <li class="hint">{overview.noFindings}</li>}
      </ul>
    </section>
  )
}

interface ChangesProps {
  readonly totals: MainFiguresFragment
  readonly base: MainFiguresFragment
  readonly compare: Comparison
}

function Changes({ totals, base, compare }: ChangesProps) {
  const { overview } = messages
  if (base.views === 0) return <li class="hint">{overview.noBaseline(phraseOfComparison(compare))}</li>
  const changes = mainFigures.flatMap((figure) => {
    const [now, before] = [measuredOf(figure, totals), measuredOf(figure, base)]
    const change = changeOf(now, before)
    if (now === null || before === null || change === null || !change.isClear) return []
    const isBetter = figure.isMoreBetter === change.ratio > 0
    const say = change.ratio > 0 ? overview.up : overview.down
    const size = format.ratio(Math.abs(change.ratio))
    const sentence = say(figure.label, size, figure.format(now.value), figure.format(before.value))
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

function phraseOfComparison(compare: Comparison): string {
  const { compare: texts, ranges } = messages
  if (typeof compare !== 'string') return ranges.days(compare.from, compare.to)
  return compare === 'year' ? texts.phrase.year : texts.phrase.previous
}
