import { isTimeRangeName, type TimeRangeName, timeRanges } from '../report/time-range.ts'

interface RangePickerProps {
  readonly range: TimeRangeName
  readonly onPick: (range: TimeRangeName) => void
}

/** Selects how far back the report reaches. */
export function RangePicker({ range, onPick }: RangePickerProps) {
  return (
    <fieldset class="range-picker">
      <legend class="visually-hidden">Time range</legend>
      {Object.entries(timeRanges).map(([name, { label }]) => (
        <label key={name}>
          <input
            type="radio"
            name="range"
            value={name}
            checked={name === range}
            onChange={() => isTimeRangeName(name) && onPick(name)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}
