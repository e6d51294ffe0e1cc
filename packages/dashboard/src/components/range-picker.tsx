import { useState } from 'preact/hooks'
import { messages } from '../messages/messages.ts'
import { useSubmit } from '../session/use-submit.ts'
import {
  calendarRanges,
  dayRange,
  isTimeRangeName,
  shownRanges,
  type TimeRange,
  type TimeRangeName,
} from '../report/time-range.ts'

interface RangePickerProps {
  readonly range: TimeRange
  readonly onPick: (range: TimeRange) => void
}

/** Selects how far back the report reaches, a range of the calendar, or days. */
export function RangePicker({ range, onPick }: RangePickerProps) {
  const isOther = typeof range !== 'string' || isCalendar(range)
  const [hasDays, showDays] = useState(isOther)
  const isDays = hasDays || isOther
  const pick = (name: string) => {
    showDays(name === 'days')
    if (isTimeRangeName(name)) onPick(name)
  }
  const { labels, legend, dates } = messages.ranges
  const names = [...shownRanges.map((name) => [name, labels[name]] as const), ['days', dates] as const]
  return (
    <div class="range">
      <fieldset class="range-picker">
        <legend class="visually-hidden">{legend}</legend>
        {names.map(([name, label]) => (
          <label key={name}>
            <input
              type="radio"
              name="range"
              value={name}
              checked={isDays ? name === 'days' : name === range}
              onChange={() => pick(name)}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      {isDays && <CalendarFields range={range} onPick={onPick} />}
    </div>
  )
}

function isCalendar(range: TimeRangeName): boolean {
  return calendarRanges.some((name) => name === range)
}

/** A range of the calendar, or a first and a last day. */
function CalendarFields({ range, onPick }: RangePickerProps) {
  const { labels, calendar, chooseCalendar } = messages.ranges
  const named = typeof range === 'string' && isCalendar(range) ? range : ''
  return (
    <>
      <select
        class="calendar"
        aria-label={calendar}
        value={named}
        onChange={({ currentTarget: { value } }) => isTimeRangeName(value) && onPick(value)}
      >
        {named === '' && <option value="">{chooseCalendar}</option>}
        {calendarRanges.map((name) => (
          <option key={name} value={name}>
            {labels[name]}
          </option>
        ))}
      </select>
      <DayFields
        label={messages.ranges.dates}
        days={typeof range === 'string' ? null : range}
        onPick={onPick}
      />
    </>
  )
}

interface DayFieldsProps {
  readonly label: string
  /** The selected days; null: none yet. */
  readonly days: { readonly from: string; readonly to: string } | null
  readonly onPick: (days: { readonly from: string; readonly to: string }) => void
}

/** The first and the last day of a range. */
export function DayFields({ label, days, onPick }: DayFieldsProps) {
  const { from, to, show, impossible } = messages.ranges
  const { submit, problem } = useSubmit(async (field) => {
    const picked = dayRange(field('from'), field('to'))
    if (picked === null) throw new RangeError(impossible)
    onPick(picked)
  })
  // A report that is loaded again leaves alone what the reader has typed. Other days replace it.
  return (
    <form
      key={days === null ? '' : `${days.from} ${days.to}`}
      class="day-fields"
      onSubmit={submit}
      aria-label={label}
    >
      <label>
        {from} <input type="date" name="from" required defaultValue={days?.from ?? ''} />
      </label>
      <label>
        {to} <input type="date" name="to" required defaultValue={days?.to ?? ''} />
      </label>
      <button type="submit">{show}</button>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}
