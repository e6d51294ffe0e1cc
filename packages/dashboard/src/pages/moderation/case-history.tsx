import type { ComponentChildren } from 'preact'
import type { ModerationCaseFragment } from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { reasonLabels } from './labels.ts'
import { moderationMessages } from '../../messages/moderation-messages.ts'

const texts = moderationMessages.caseHistory

type CaseEvent = ModerationCaseFragment['events']['edges'][number]['node']

interface CaseHistoryProps {
  readonly about: ModerationCaseFragment
  readonly timeZone: string
  /** What can be done about it. */
  readonly children?: ComponentChildren
}

/** A reported or hidden post, and what happened to it, the latest first. */
export function CaseHistory({ about, timeZone, children }: CaseHistoryProps) {
  const { title, url, host, isHidden, isOpen, events } = about
  return (
    <article class="finding">
      <h3>
        {title === null || url === null ? (
          texts.postOfSite
        ) : (
          <a href={url} rel="noopener nofollow ugc" target="_top" dir="auto">
            {title}
          </a>
        )}
      </h3>
      <p class="hint">
        {host !== null && `${host}. `}
        {isHidden ? texts.hiddenFromFeed : texts.shownInFeed}
        {isOpen && texts.waitsForDecision}
      </p>
      <ol class="history">
        {events.edges.map(({ node }) => (
          <li key={node.row}>
            <strong>{whatOf(node)}</strong>,{' '}
            {formatTime(Date.parse(node.at), { dateStyle: 'medium', timeStyle: 'short', timeZone })}
            {node.text !== null && (
              <p class="foreign" dir="auto">
                {node.text}
              </p>
            )}
          </li>
        ))}
      </ol>
      {children}
    </article>
  )
}

function whatOf({ kind, action, reason, by }: CaseEvent): string {
  switch (kind) {
    case 'REPORT': {
      const label = reasonLabels.find(({ value }) => value.toLowerCase() === reason)?.label ?? texts.reported
      return by === null ? texts.report(label) : texts.reportOf(by, label)
    }
    case 'APPEAL':
      return texts.appeal
    case 'DECISION': {
      const decider = by?.startsWith('rule:') === true ? texts.ruleOfServer : texts.operator
      return action === 'HIDE' ? texts.hiddenBy(decider) : texts.shownByDecision(decider)
    }
  }
}
