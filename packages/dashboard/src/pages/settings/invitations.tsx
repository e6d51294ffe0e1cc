import { useState } from 'preact/hooks'
import { Choice } from '../../components/entry-list.tsx'
import { Field } from '../../components/field.tsx'
import { OnceShown } from '../../components/once-shown.tsx'
import { type WaitingInvitation, WaitingInvitations } from '../../components/waiting-invitations.tsx'
import { MemberInviteDocument } from '../../generated/graphql.ts'
import { serverAddress } from '../../navigation/base-path.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { roles } from './roles.ts'

interface InvitationsProps {
  readonly siteId: string
  /** The site's. */
  readonly timeZone: string
  readonly waiting: readonly WaitingInvitation[]
  readonly onChange: () => void
}

/** The invitations that wait, and a form that makes one: a link, or an e-mail. */
export function Invitations(props: InvitationsProps) {
  return (
    <>
      <WaitingInvitations {...props} />
      <InvitationForm {...props} />
    </>
  )
}

interface Invited {
  readonly email: string
  /** null: the server sent it. */
  readonly link: string | null
}

function InvitationForm({ siteId, onChange }: Pick<InvitationsProps, 'siteId' | 'onChange'>) {
  const send = useSendToGraph()
  const [invited, setInvited] = useState<Invited | null>(null)
  const { submit, problem, isBusy } = useSubmit(async (field, { reset }) => {
    const email = field('email').trim()
    const role = roles.find(({ value }) => value === field('role'))?.value ?? 'VIEWER'
    const input = { siteId, email, role, sendsMail: field('way') === 'mail' }
    const { memberInvite } = await send(MemberInviteDocument, { input })
    setInvited({ email, link: memberInvite.link === null ? null : serverAddress + memberInvite.link })
    reset()
    onChange()
  })
  return (
    <form class="fields" aria-label="Invite a member" onSubmit={submit}>
      <Field
        label="Invite by e-mail address"
        name="email"
        type="email"
        autoComplete="off"
        problem={problem}
      />
      <Choice label="Role" name="role" options={roles} />
      <Choice label="How the person gets the link" name="way" options={ways} />
      <button type="submit" disabled={isBusy}>
        Invite
      </button>
      {invited?.link != null && (
        <OnceShown
          label={`The link for ${invited.email}`}
          text={invited.link}
          hint="Send it to this person. It works once, within a week, and it is not shown again."
        />
      )}
      {invited?.link === null && <p role="status">The server sent the link to {invited.email}.</p>}
    </form>
  )
}

const ways = [
  { value: 'link', label: 'I send it myself' },
  { value: 'mail', label: 'The server sends an e-mail' },
] as const
