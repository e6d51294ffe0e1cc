import type { AdviceKind } from '../../generated/graphql.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.adviceKind

/** What each kind of advice is called. */
export const adviceNames: Readonly<Record<AdviceKind, string>> = {
  TITLE_MISSING: texts.pagesWithoutTitle,
  TITLE_DUPLICATE: texts.titlesThatSeveralPages,
  TITLE_TRUNCATED: texts.titlesThatAreCut,
  DESCRIPTION_MISSING: texts.pagesWithoutDescription,
  DESCRIPTION_DUPLICATE: texts.descriptionsThatSeveralPages,
  DESCRIPTION_TRUNCATED: texts.descriptionsThatAreCut,
}
