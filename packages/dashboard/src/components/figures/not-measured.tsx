import { messages } from '../../messages/messages.ts'

/** Replaces a figure that was not measured, which is not 0. */
export function NotMeasured() {
  return (
    <span class="not-measured" title={messages.charts.none}>
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">{messages.charts.none}</span>
    </span>
  )
}
