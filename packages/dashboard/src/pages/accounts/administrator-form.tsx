import { useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { OnceShown } from '../../components/once-shown.tsx'
import { AdministratorInviteDocument } from '../../generated/graphql.ts'
import { serverAddress } from '../../navigation/base-path.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { present } from '../../session/user-errors.ts'
import { accountsMessages } from '../../messages/accounts-messages.ts'

const texts = accountsMessages.administratorForm

/** Makes a link of one use for a further administrator. */
export function AdministratorForm({ onChange }: { readonly onChange: () => void }) {
  const send = useSendToGraph()
  const [invited, setInvited] = useState<{ readonly email: string; readonly link: string } | null>(null)
  const { submit, problem, isBusy } = useSubmit(async (field, { reset }) => {
    const email = field('email').trim()
    const { administratorInvite } = await send(AdministratorInviteDocument, { input: { email } })
    setInvited({ email, link: serverAddress + present(administratorInvite.link) })
    reset()
    onChange()
  })
  return (
    <form class="fields" aria-label={texts.inviteAdministrator} onSubmit={submit}>
      <Field label={texts.inviteByEMail} name="email" type="email" autoComplete="off" problem={problem} />
      <button type="submit" disabled={isBusy}>
        {texts.invite}
      </button>
      {invited !== null && (
        <OnceShown label={texts.linkFor(invited.email)} text={invited.link} hint={texts.sendIt} />
      )}
    </form>
  )
}
