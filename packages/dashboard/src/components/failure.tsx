import { messages } from '../messages/messages.ts'
import { hasFilter } from '../report/report-filter.ts'
import type { ReportState } from '../report/report-state.ts'
import type { GraphError } from '../session/graph-error.ts'

interface FailureProps {
  readonly error: GraphError
  /** Describes the older data that the page still shows. */
  readonly shown?: string
  /** The requested report. With it, the reader can narrow one that is too expensive. @default not offered */
  readonly state?: ReportState
  readonly onState?: (state: ReportState) => void
  readonly onRetry: () => void
}

/** Shows an error and what to do about it. */
export function Failure({ error, shown, state, onState, onRetry }: FailureProps) {
  const { states } = messages
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{error.message}</strong> {states.advice[error.code]} {shown}
      </p>
      {error.code === 'expensive' && state !== undefined && onState !== undefined && (
        <Narrower state={state} onState={onState} />
      )}
      <button type="button" onClick={onRetry}>
        {states.retry}
      </button>
    </div>
  )
}

/** Ways to a report that needs less work. */
function Narrower({
  state,
  onState,
}: {
  readonly state: ReportState
  readonly onState: (state: ReportState) => void
}) {
  const { states, ranges } = messages
  return (
    <p class="narrower">
      {states.narrow}
      {state.range !== 'week' && state.range !== 'day' && state.range !== 'hour' && (
        <button type="button" onClick={() => onState({ ...state, range: 'week' })}>
          {states.narrowRange(ranges.labels.week)}
        </button>
      )}
      {hasFilter(state.filter) && (
        <button type="button" onClick={() => onState({ ...state, filter: {} })}>
          {states.narrowFilters}
        </button>
      )}
    </p>
  )
}
