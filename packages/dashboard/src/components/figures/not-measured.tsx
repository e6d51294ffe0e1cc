/** Replaces a figure that was not measured, which is not 0. */
export function NotMeasured() {
  return (
    <span class="not-measured" title="not measured">
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">not measured</span>
    </span>
  )
}
