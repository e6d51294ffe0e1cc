import { InvitationRevokeDocument, type SiteMembersQuery } from '../generated/graphql.ts'
import { roles } from '../pages/settings/roles.ts'
import { formatTime } from '../report/page-format.ts'
import { useChange } from '../session/use-change.ts'
import { useSendToGraph } from '../session/use-graph.ts'
import { requireDone } from '../session/user-errors.ts'
import { Entry } from './entry-list.tsx'
import { sharedMessages } from '../messages/shared-messages.ts'

const texts = sharedMessages.waitingInvitations

/** An invitation that nobody has used yet. */
export type WaitingInvitation = NonNullable<SiteMembersQuery['site']>['invitations'][number]

interface WaitingInvitationsProps {
  /** null: the invitations are of administrators. */
  readonly siteId: string | null
  /** @default the reader's */
  readonly timeZone?: string
  readonly waiting: readonly WaitingInvitation[]
  readonly onChange: () => void
}

/** The invitations that wait, each with a button that ends its link. Nothing if there are none. */
export function WaitingInvitations({ waiting, ...rest }: WaitingInvitationsProps) {
  if (waiting.length === 0) return null
  return (
    <>
      <h3>{texts.invitationsThatWait}</h3>
      <ul class="entries">
        {waiting.map((invitation) => (
          <WaitingEntry key={invitation.invitationId} invitation={invitation} {...rest} />
        ))}
      </ul>
    </>
  )
}

function WaitingEntry({
  invitation: { invitationId, email, role, expiresAt },
  siteId,
  timeZone,
  onChange,
}: Omit<WaitingInvitationsProps, 'waiting'> & { readonly invitation: WaitingInvitation }) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const label = roles.find(({ value }) => value === role)?.label.split(':')[0] ?? texts.administrator
  const zone = timeZone === undefined ? {} : { timeZone }
  const revoke = () =>
    make(async () => {
      const { invitationRevoke } = await send(InvitationRevokeDocument, { input: { siteId, invitationId } })
      requireDone(invitationRevoke)
      onChange()
    })
  return (
    <Entry
      name={email}
      notes={texts.until(label, formatTime(Date.parse(expiresAt), { dateStyle: 'medium', ...zone }))}
      problem={problem}
    >
      <button type="button" disabled={isBusy} aria-label={texts.revokeInvitation(email)} onClick={revoke}>
        {texts.revoke}
      </button>
    </Entry>
  )
}
