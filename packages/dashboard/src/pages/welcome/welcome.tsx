import { useEffect, useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { Page } from '../../components/page.tsx'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { acceptLink } from '../../session/account.ts'
import { useSession } from '../../session/session.tsx'
import { useChange } from '../../session/use-change.ts'
import { useSubmit } from '../../session/use-submit.ts'

/** The page of a link of one use: it creates an account, gives a role, or sets a new password. */
export function Welcome() {
  const [token] = useState(() => location.hash.slice(1))
  // The token goes neither into the history nor into a copied address.
  useEffect(() => history.replaceState(null, '', location.pathname), [])
  const { account } = useSession()
  const isFirst = account?.firstStart === true
  return (
    <Page title="Welcome to PeerPress">
      {account === null ? (
        <p class="loading">Loading…</p>
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
        This address lacks the code of the link. Copy the whole link that you were sent, or that the server
        printed when it started. If you used it already, <a href={hrefOf('/sign-in')}>sign in</a>.
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
      <p>You are signed in as {email}. If the link is an invitation of this address, accept it here.</p>
      <button type="button" disabled={isBusy} onClick={accept}>
        Accept as {email}
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
      <p>
        {isFirst
          ? 'This creates the first administrator of this server, who can then invite others.'
          : 'The link creates an account, or adds to the account that you have: then give its password.'}
      </p>
      {token === '' && (
        <Field
          label="Operator token"
          name="token"
          type="password"
          autoComplete="off"
          hint={
            <>
              It is in the file <code>operator-token</code> of the server’s data folder. The link that the
              server printed when it started needs none.
            </>
          }
        />
      )}
      <Field
        label="Your name"
        name="name"
        type="text"
        autoComplete="name"
        maxLength={100}
        required={isFirst}
        takesFocus
        {...(!isFirst && { hint: 'Not needed if you have an account.' })}
      />
      <Field label="E-mail address" name="email" type="email" autoComplete="username" maxLength={254} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={256}
        hint="At least 12 characters. A few random words are easy to remember and hard to guess."
        problem={problem}
      />
      <button type="submit" disabled={isBusy}>
        {isFirst ? 'Create the account' : 'Continue'}
      </button>
    </form>
  )
}
