import { useEffect, useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { Page } from '../../components/page.tsx'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { acceptLink } from '../../session/account.ts'
import { useSession } from '../../session/session.tsx'
import { useChange } from '../../session/use-change.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { welcomeMessages } from '../../messages/welcome-messages.ts'

const texts = welcomeMessages.welcome

/** The page of a link of one use: it creates an account, gives a role, or sets a new password. */
export function Welcome() {
  const [token] = useState(() => location.hash.slice(1))
  // The token goes neither into the history nor into a copied address.
  useEffect(() => history.replaceState(null, '', location.pathname), [])
  const { account } = useSession()
  const isFirst = account?.firstStart === true
  return (
    <Page title={texts.welcomeToPeerpress}>
      {account === null ? (
        <p class="loading">{texts.loading}</p>
      ) : token === '' && !isFirst ? (
        <NoToken />
      ) : (
        <>
          {account.principal?.email != null && (
            <AcceptSignedIn token={token} email={account.principal.email} />
          )}
          <AcceptLink token={token} isFirst={isFirst} />
        </>
      )}
    </Page>
  )
}

function NoToken() {
  return (
    <section class="panel narrow">
      <p>
        {texts.thisAddressLacksCode} <a href={hrefOf('/sign-in')}>{texts.signIn}</a>.
      </p>
    </section>
  )
}

/** Accepts an invitation with the account that this browser is signed in to. */
function AcceptSignedIn({ token, email }: { readonly token: string; readonly email: string }) {
  const { go } = usePlace()
  const { reload } = useSession()
  const { make, problem, isBusy } = useChange()
  const accept = () =>
    make(async () => {
      await acceptLink({ token, email })
      reload()
      go('/', { replace: true })
    })
  return (
    <section class="panel narrow fields">
      <p>{texts.youAreSigned(email)}</p>
      <button type="button" disabled={isBusy} onClick={accept}>
        {texts.acceptAs(email)}
      </button>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}

interface AcceptLinkProps {
  /** The code of the link; empty if the address has none, and the operator token creates the first account. */
  readonly token: string
  /** Whether it creates the first administrator. */
  readonly isFirst: boolean
}

function AcceptLink({ token, isFirst }: AcceptLinkProps) {
  const { go } = usePlace()
  const { reload } = useSession()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    const name = field('name').trim()
    const named = name === '' ? {} : { name }
    await acceptLink({
      token: token || field('token').trim(),
      email: field('email').trim(),
      password: field('password'),
      ...named,
    })
    reload()
    go('/', { replace: true })
  })
  return (
    <form class="panel narrow fields" onSubmit={submit}>
      <p>{isFirst ? texts.thisCreatesFirstAdministrator : texts.linkCreatesAccount}</p>
      {token === '' && (
        <Field
          label={texts.operatorToken}
          name="token"
          type="password"
          autoComplete="off"
          hint={
            <>
              {texts.itIsInFile} <code>operator-token</code> {texts.ofServersDataFolder}
            </>
          }
        />
      )}
      <Field
        label={texts.yourName}
        name="name"
        type="text"
        autoComplete="name"
        maxLength={100}
        required={isFirst}
        takesFocus
        {...(!isFirst && { hint: texts.notNeededIfYou })}
      />
      <Field label={texts.eMailAddress} name="email" type="email" autoComplete="username" maxLength={254} />
      <Field
        label={texts.password}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={256}
        hint={texts.atLeastCharactersFew}
        problem={problem}
      />
      <button type="submit" disabled={isBusy}>
        {isFirst ? texts.createAccount : texts.continue}
      </button>
    </form>
  )
}
