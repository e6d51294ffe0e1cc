import type { ReportReason } from '../../generated/graphql.ts'

/** The choices of a report, in the order in which a form shows them. */
export const reasonLabels: readonly { readonly value: ReportReason; readonly label: string }[] = [
  { value: 'SPAM', label: 'Spam' },
  { value: 'STOLEN', label: 'Copied from somebody else' },
  { value: 'MISLEADING', label: 'Misleading' },
  { value: 'HARMFUL', label: 'Harmful' },
  { value: 'ILLEGAL', label: 'Illegal' },
  { value: 'OTHER', label: 'Something else' },
]
