import type { ChangeFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { isClearChange } from '../../report/change.ts'
import { format } from '../../report/page-format.ts'

interface ChangeNoteProps {
  /** null: nothing is compared. */
  readonly change: ChangeFragment | null
  readonly format: (value: number) => string
  /** Formats the amount of a difference. @default `format` */
  readonly formatDifference?: (amount: number) => string
  readonly isMoreBetter: boolean
}

/** A smaller change is shown as none. */
const minShown = 0.0005

/** How a figure changed: by how much, from which value, and the interval of the difference. */
export function ChangeNote({ change, format: text, formatDifference = text, isMoreBetter }: ChangeNoteProps) {
  if (change === null) return null
  const { compare } = messages
  const { ratio, baseline, interval, value } = change
  if (baseline === null || value === null) return <span class="change">{compare.notMeasured}</span>
  if (ratio === null)
    return <span class="change">{value === 0 ? compare.same : compare.was(text(baseline))}</span>
  if (Math.abs(ratio) < minShown) return <span class="change">{compare.same}</span>
  const sign = ratio > 0 ? '+' : '−'
  const tone = isClearChange(change) ? (isMoreBetter === ratio > 0 ? 'better' : 'worse') : 'unsure'
  const signed = (amount: number) => `${amount < 0 ? '−' : '+'}${formatDifference(Math.abs(amount))}`
  return (
    <>
      <span class={`change ${tone}`}>
        {compare.change(`${sign}${format.ratio(Math.abs(ratio))}`, text(baseline))}
      </span>
      {interval !== null && change.enough && (
        <span class="change-interval" title={compare.intervalHint}>
          {compare.interval(signed(interval.low), signed(interval.high))}
        </span>
      )}
    </>
  )
}

/** Formats the difference of two shares. */
export function points(amount: number): string {
  return messages.compare.points((amount * 100).toFixed(1))
}
