import type { ReportReason } from '../../generated/graphql.ts'
import { moderationMessages } from '../../messages/moderation-messages.ts'

const texts = moderationMessages.labels

/** The choices of a report, in the order in which a form shows them. */
export const reasonLabels: readonly { readonly value: ReportReason; readonly label: string }[] = [
  { value: 'SPAM', label: texts.spam },
  { value: 'STOLEN', label: texts.copiedFromSomebodyElse },
  { value: 'MISLEADING', label: texts.misleading },
  { value: 'HARMFUL', label: texts.harmful },
  { value: 'ILLEGAL', label: texts.illegal },
  { value: 'OTHER', label: texts.somethingElse },
]
