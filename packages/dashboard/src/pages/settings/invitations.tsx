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
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.invitations

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
    <form class="fields" aria-label={texts.inviteMember} onSubmit={submit}>
      <Field label={texts.inviteByEMail} name="email" type="email" autoComplete="off" problem={problem} />
      <Choice label={texts.role} name="role" options={roles} />
      <Choice label={texts.howPersonGetsLink} name="way" options={ways} />
      <button type="submit" disabled={isBusy}>
        {texts.invite}
      </button>
      {invited?.link != null && (
        <OnceShown label={texts.linkFor(invited.email)} text={invited.link} hint={texts.sendIt} />
      )}
      {invited?.link === null && <p role="status">{texts.serverSentLink(invited.email)}</p>}
    </form>
  )
}

const ways = [
  { value: 'link', label: texts.iSendItMyself },
  { value: 'mail', label: texts.serverSendsEMail },
] as const
