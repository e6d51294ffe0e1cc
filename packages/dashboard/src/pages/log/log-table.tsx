import { SaveCsv } from '../../components/tables/save-csv.tsx'
import type { LoggedEventFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { localTime } from '../../report/local-time.ts'
import { formatTime } from '../../report/page-format.ts'
import { logMessages } from '../../messages/log-messages.ts'

const texts = logMessages.logTable

interface LogTableProps {
  readonly events: readonly LoggedEventFragment[]
  /** The time zone of the times. @default the reader's */
  readonly timeZone?: string
  /** Whether the events are of several sites. */
  readonly hasSites: boolean
  /** Loads the events of a CSV file. */
  readonly loadAll: () => Promise<readonly LoggedEventFragment[]>
}

/** What happened to accounts, members, tokens and keys, latest first. */
export function LogTable({ events, timeZone, hasSites, loadAll }: LogTableProps) {
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const csv = async () => ({
    header: [
      messages.charts.start(zone),
      texts.who,
      texts.what,
      texts.about,
      ...(hasSites ? [texts.site] : []),
    ],
    rows: (await loadAll()).map((event) => [
      localTime(Date.parse(event.at), zone),
      actorOf(event),
      labels[event.action] ?? event.action,
      subjectOf(event),
      ...(hasSites ? [event.siteId ?? ''] : []),
    ]),
  })
  return (
    <>
      <SaveCsv caption={texts.changesLatestFirst} csv={csv} />
      <div class="table-scroll" tabIndex={0} role="region" aria-label={texts.changesLatestFirst}>
        <table class="log">
          <thead>
            <tr>
              <th scope="col">{texts.when}</th>
              <th scope="col">{texts.who}</th>
              <th scope="col">{texts.what}</th>
              <th scope="col">{texts.about}</th>
              {hasSites && <th scope="col">{texts.site}</th>}
            </tr>
          </thead>
          <tbody>
            {events.map((event, index) => (
              <tr key={`${event.at} ${index}`}>
                <td>
                  <time dateTime={event.at}>{timeOf(event.at, timeZone)}</time>
                </td>
                <td>{actorOf(event)}</td>
                <td>{labels[event.action] ?? event.action}</td>
                <td>{subjectOf(event)}</td>
                {hasSites && <td>{event.siteId ?? ''}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function actorOf({ actorName, actor }: LoggedEventFragment): string {
  return actorName ?? actors[actor] ?? actor
}

function subjectOf({ subjectName, subject }: LoggedEventFragment): string {
  return subjectName ?? subject ?? ''
}

function timeOf(at: string, timeZone: string | undefined): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  return formatTime(Date.parse(at), { dateStyle: 'medium', timeStyle: 'short', ...zone })
}

const actors: Readonly<Record<string, string>> = { operator: texts.operator, link: texts.linkOfOneUse }

const labels: Readonly<Record<string, string>> = {
  'account.created': texts.accountCreated,
  'account.signed-in': texts.signedIn,
  'account.closed': texts.accountClosed,
  'account.password-changed': texts.passwordChanged,
  'welcome.issued': texts.linkMade,
  'welcome.revoked': texts.invitationRevoked,
  'member.set': texts.roleGiven,
  'member.removed': texts.memberRemoved,
  'token.created': texts.tokenMade,
  'token.revoked': texts.tokenRevoked,
  'seed-tokens.rotated': texts.tokensOfSeedsRenewed,
  'operator-token.rotated': texts.operatorTokenRenewed,
  'site.approved': texts.siteApproved,
  'passkey.added': texts.passkeyAdded,
  'passkey.removed': texts.passkeyRemoved,
  'identity.linked': texts.identityProviderLinked,
  'identity.unlinked': texts.identityProviderUnlinked,
  'sessions.ended': texts.signedOutEverywhere,
  'sign-in.reset': texts.passkeysAndProviderRemoved,
  'public-report.published': texts.reportMadePublic,
  'public-report.revoked': texts.reportMadePrivate,
  'signing-key.rotated': texts.signingKeyRotated,
  'webhook-secret.rotated': texts.webhookSecretRenewed,
}
