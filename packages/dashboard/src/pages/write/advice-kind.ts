import type { AdviceKind } from '../../generated/graphql.ts'

/** What each kind of advice is called. */
export const adviceNames: Readonly<Record<AdviceKind, string>> = {
  TITLE_MISSING: 'Pages without a title',
  TITLE_DUPLICATE: 'Titles that several pages have',
  TITLE_TRUNCATED: 'Titles that are cut off in search results',
  DESCRIPTION_MISSING: 'Pages without a description',
  DESCRIPTION_DUPLICATE: 'Descriptions that several pages have',
  DESCRIPTION_TRUNCATED: 'Descriptions that are cut off in search results',
}
