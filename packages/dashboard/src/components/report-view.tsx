import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { formatTime } from '../report/page-format.ts'
import { messages } from '../messages/messages.ts'
import { hrefOf, usePlace } from '../navigation/use-place.ts'
import { dayOf } from '../report/local-time.ts'
import { formatReportState, type ReportState } from '../report/report-state.ts'
import { daysOf, phraseOf } from '../report/time-range.ts'
import type { ReportResult } from '../report/use-report.ts'
import type { Polled } from '../session/use-polled.ts'
import { Failure } from './failure.tsx'

interface ReportViewProps<Data> {
  readonly report: Polled<ReportResult<Data>>
  /** The site's time zone, as a note below the report; null: the report has no times. */
  readonly timeZone: string | null
  /** Announces a newly loaded report to a screen reader, such as `12 views`. */
  readonly announce: (data: Data) => string
  /** The requested report. With it, the reader can narrow one that is too expensive. @default not offered */
  readonly state?: ReportState
  readonly onState?: (state: ReportState) => void
  readonly children: (result: ReportResult<Data>) => ComponentChildren
}

/** A report that is loaded repeatedly: its progress, its errors, and when it was updated. */
export function ReportView<Data>({
  report,
  timeZone,
  announce,
  state,
  onState,
  children,
}: ReportViewProps<Data>) {
  const { data: result, at, isCurrent, error, reload, everyMs } = report
  const { states } = messages
  const asked = state === undefined || onState === undefined ? {} : { state, onState }
  if (result === null) {
    return error === null ? (
      <p class="loading">{states.loading}</p>
    ) : (
      <Failure error={error} {...asked} onRetry={reload} />
    )
  }
  const phrase = phraseOf(result.range)
  const time = clock(at, timeZone)
  return (
    <>
      <Announcement text={isCurrent ? states.loaded(announce(result.data), phrase) : ''} />
      {error !== null && (
        <Failure error={error} {...asked} shown={states.stale(phrase, time)} onRetry={reload} />
      )}
      <div class={`report ${error === null ? '' : 'stale'}`} aria-busy={!isCurrent && error === null}>
        {children(result)}
        <p class="updated">
          {states.updated(time, everyMs / 1000)} {timeZone !== null && states.timeZone(timeZone)}{' '}
          {timeZone !== null && state !== undefined && <FixedLink state={state} timeZone={timeZone} />}
        </p>
      </div>
    </>
  )
}

/** A link to the days of a range that moves with the time. */
function FixedLink({ state, timeZone }: { readonly state: ReportState; readonly timeZone: string }) {
  const { path } = usePlace()
  const days = daysOf(state.range, dayOf(Date.now(), timeZone))
  if (days === null || typeof state.range !== 'string') return null
  return (
    <a href={`${hrefOf(path)}?${formatReportState({ ...state, range: days })}`}>{messages.ranges.fixed}</a>
  )
}

function clock(ms: number, timeZone: string | null): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
  return formatTime(ms, timeZone === null ? options : { ...options, timeZone })
}

/** Announces a newly selected report to a screen reader, but not every refresh of it. */
function Announcement({ text }: { readonly text: string }) {
  const [announced, announce] = useState('')
  const isLoading = text === ''
  useEffect(() => announce(text), [isLoading])
  return (
    <p class="visually-hidden" role="status">
      {announced}
    </p>
  )
}
