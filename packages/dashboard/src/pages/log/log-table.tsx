import type { LoggedEventFragment } from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'

interface LogTableProps {
  readonly events: readonly LoggedEventFragment[]
  /** The time zone of the times. @default the reader's */
  readonly timeZone?: string
  /** Whether the events are of several sites. */
  readonly hasSites: boolean
}

/** What happened to accounts, members, tokens and keys, latest first. */
export function LogTable({ events, timeZone, hasSites }: LogTableProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Changes, latest first">
      <table class="log">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">About</th>
            {hasSites && <th scope="col">Site</th>}
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => (
            <tr key={`${event.at} ${index}`}>
              <td>
                <time dateTime={event.at}>{timeOf(event.at, timeZone)}</time>
              </td>
              <td>{event.actorName ?? actors[event.actor] ?? event.actor}</td>
              <td>{labels[event.action] ?? event.action}</td>
              <td>{event.subjectName ?? event.subject ?? ''}</td>
              {hasSites && <td>{event.siteId ?? ''}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function timeOf(at: string, timeZone: string | undefined): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  return formatTime(Date.parse(at), { dateStyle: 'medium', timeStyle: 'short', ...zone })
}

const actors: Readonly<Record<string, string>> = { operator: 'Operator', link: 'A link of one use' }

const labels: Readonly<Record<string, string>> = {
  'account.created': 'Account created',
  'account.signed-in': 'Signed in',
  'account.closed': 'Account closed',
  'account.password-changed': 'Password changed',
  'welcome.issued': 'Link made for',
  'welcome.revoked': 'Invitation revoked',
  'member.set': 'Role given',
  'member.removed': 'Member removed',
  'token.created': 'Token made',
  'token.revoked': 'Token revoked',
  'seed-tokens.rotated': 'Tokens of seeds renewed',
  'operator-token.rotated': 'Operator token renewed',
  'site.approved': 'Site approved',
  'passkey.added': 'Passkey added',
  'passkey.removed': 'Passkey removed',
  'identity.linked': 'Identity provider linked',
  'identity.unlinked': 'Identity provider unlinked',
  'sessions.ended': 'Signed out everywhere',
  'sign-in.reset': 'Passkeys and provider removed',
  'public-report.published': 'Report made public',
  'public-report.revoked': 'Report made private',
  'signing-key.rotated': 'Signing key rotated',
  'webhook-secret.rotated': 'Webhook secret renewed',
}
