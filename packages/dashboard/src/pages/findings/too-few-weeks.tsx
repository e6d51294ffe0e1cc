/** Weeks with visits that the comparison of regions needs. */
const neededWeeks = 21

/** Says why regions are not compared yet. */
export function TooFewWeeks({ weeks }: { readonly weeks: number }) {
  return (
    <p class="panel hint">
      Regions are compared over 28 weeks. Visits from search engines were counted in {weeks} of them;{' '}
      {neededWeeks} are needed.
    </p>
  )
}
