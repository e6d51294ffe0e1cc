import { useState } from 'preact/hooks'
import { messages } from '../../messages/messages.ts'
import type { Comparison } from '../../report/comparison.ts'
import { withFilter } from '../../report/report-filter.ts'
import type { ReportState } from '../../report/report-state.ts'
import { DayFields } from '../range-picker.tsx'
import { FilterChips } from './filter-chips.tsx'
import { FilterForm } from './filter-form.tsx'

interface ReportControlsProps {
  readonly state: ReportState
  /** The page compares its figures. */
  readonly hasComparison: boolean
  readonly onPick: (state: ReportState) => void
}

/** The comparison and the filters of a report. The range is beside the heading. */
export function ReportControls({ state, hasComparison, onPick }: ReportControlsProps) {
  const { filter } = state
  const set = (changed: typeof filter) => onPick({ ...state, filter: changed })
  return (
    <div class="report-controls">
      <FilterChips filter={filter} onChange={set} />
      <FilterForm onAdd={(key, value) => set(withFilter(filter, key, value))} />
      {hasComparison && (
        <ComparisonPicker compare={state.compare} onPick={(compare) => onPick({ ...state, compare })} />
      )}
    </div>
  )
}

interface ComparisonPickerProps {
  readonly compare: Comparison
  readonly onPick: (compare: Comparison) => void
}

function ComparisonPicker({ compare, onPick }: ComparisonPickerProps) {
  const [hasDays, showDays] = useState(typeof compare !== 'string')
  const { label, previous, year, none, dates, form } = messages.compare
  const names = { previous, year, none, days: dates } as const
  const isDays = hasDays || typeof compare !== 'string'
  const pick = (name: string) => {
    showDays(name === 'days')
    if (name === 'previous' || name === 'year' || name === 'none') onPick(name)
  }
  return (
    <div class="comparison">
      <label>
        {label}{' '}
        <select value={isDays ? 'days' : compare} onChange={(event) => pick(event.currentTarget.value)}>
          {Object.entries(names).map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {isDays && (
        <DayFields label={form} days={typeof compare === 'string' ? null : compare} onPick={onPick} />
      )}
    </div>
  )
}
