import { format } from '../../report/page-format.ts'
import type { DraftProgress as Progress } from './use-draft-progress.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.draftProgress

/** How far a draft is that a model writes or the gates examine. */
export function DraftProgress({ name, progress }: { readonly name: string; readonly progress: Progress }) {
  const { characters, tokens, latestClaim, gates } = progress
  const { value, max } = shareOf(progress)
  return (
    <div class="draft-progress">
      {max !== null && <progress aria-label={texts.progressOf(name)} max={max} value={value} />}
      <p>{progressText(progress)}</p>
      {latestClaim !== null && gates === 0 && (
        <blockquote>
          <p dir="auto">{latestClaim}</p>
          <p class="hint">{texts.notChecked}</p>
        </blockquote>
      )}
      <p class="hint">
        {texts.characters(format.count(characters))}
        {tokens > 0 && texts.tokens(format.count(tokens))}
      </p>
    </div>
  )
}

/** Returns how far a draft is as a sentence, which changes seldom. */
export function progressText({ status, sections, expectedSections, gates, expectedGates }: Progress): string {
  if (status === 'QUEUED') return texts.waits
  if (gates > 0) return texts.gates(gates, expectedGates)
  return expectedSections === null
    ? texts.sections(sections)
    : texts.sectionsOf(sections, Math.max(sections, expectedSections))
}

/** A section that has begun is not done, so the bar is full when the last gate has run. */
function shareOf({ status, sections, expectedSections, gates, expectedGates }: Progress) {
  if (status === 'QUEUED' || (gates === 0 && expectedSections === null)) return { value: 0, max: null }
  const expected = Math.max(sections, expectedSections ?? 1)
  const written = gates > 0 ? expected : Math.max(0, sections - 1)
  return { value: written + gates / expectedGates, max: expected + 1 }
}
