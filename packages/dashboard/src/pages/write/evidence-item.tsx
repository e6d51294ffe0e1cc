import type { EvidenceFragment, EvidenceSource } from '../../generated/graphql.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.evidenceItem

/** What each source is called. */
export const sourceNames: Readonly<Record<EvidenceSource, string>> = {
  FINDING: texts.finding,
  QUERY: texts.searchQuery,
  ENGAGEMENT: texts.reading,
  POST: texts.post,
  DOWNVOTE: texts.downvote,
  REPORT: texts.report,
  QUESTION: texts.question,
  UPLOAD: texts.upload,
}

/** Characters of a text that are shown at once. */
const shortLength = 280

/** One item of evidence, as plain text. */
export function EvidenceItem({ item }: { readonly item: EvidenceFragment }) {
  const { evidenceId, source, date, region, title, text, url } = item
  const isShort = text.length <= shortLength
  return (
    <li class="evidence">
      <p class="hint">
        {[sourceNames[source], date, region, title]
          .filter((part) => part !== null && part !== '')
          .join(' · ')}
      </p>
      {isShort ? (
        <p dir="auto">{text}</p>
      ) : (
        <details>
          <summary dir="auto">{text.slice(0, shortLength).toWellFormed()}…</summary>
          <p class="evidence-text" dir="auto">
            {text}
          </p>
        </details>
      )}
      <p class="hint">
        <code>{evidenceId}</code>{' '}
        {url !== null && /^https?:/.test(url) && (
          <a href={url} rel="noreferrer nofollow">
            {texts.source}
          </a>
        )}
      </p>
    </li>
  )
}
