import { findingsMessages } from '../../messages/findings-messages.ts'

const texts = findingsMessages.tooFewWeeks

/** Weeks with visits that the comparison of regions needs. */
const neededWeeks = 21

/** Says why regions are not compared yet. */
export function TooFewWeeks({ weeks }: { readonly weeks: number }) {
  return <p class="panel hint">{texts.regionsAreComparedOver(weeks, neededWeeks)}</p>
}
