import { useId } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { Field } from '../../components/field.tsx'
import { Page } from '../../components/page.tsx'
import {
  AccountCloseDocument,
  AccountPasswordChangeDocument,
  YourAccountDocument,
  type YourAccountQuery,
} from '../../generated/graphql.ts'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { useSession } from '../../session/session.tsx'
import { SignInWays } from './sign-in-ways.tsx'
import { useSubmit } from '../../session/use-submit.ts'

type Account = NonNullable<YourAccountQuery['me']>

/** Interval between two loads, ms. */
const accountEvery = 300_000

/** The account of the signed-in person: a new password, and the end of the account. */
export function YourAccount() {
  const { data, error, reload } = useGraph(YourAccountDocument, {}, accountEvery)
  return (
    <Page title="Your account">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data?.me === null && (
        <p class="notice">You are signed in with the operator token, which is no account.</p>
      )}
      {data?.me != null && (
        <>
          <p>
            {data.me.name}, {data.me.email}
            {data.me.isAdministrator && ', administrator'}
          </p>
          {data.me.isAdministrator && (
            <p>
              <a href={hrefOf('/accounts')}>Accounts</a> and the <a href={hrefOf('/log')}>log of changes</a>{' '}
              of the whole installation
            </p>
          )}
          <SignInWays />
          <PasswordForm />
          <CloseForm account={data.me} />
        </>
      )}
    </Page>
  )
}

/** Reads who is signed in again, and shows the page to sign in. */
function useSignInAgain(): () => void {
  const { reload } = useSession()
  const { go } = usePlace()
  return () => {
    reload()
    go('/sign-in')
  }
}

function PasswordForm() {
  const id = useId()
  const send = useSendToGraph()
  const signInAgain = useSignInAgain()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    const input = { currentPassword: field('current'), newPassword: field('next') }
    await send(AccountPasswordChangeDocument, { input })
    signInAgain()
  })
  return (
    <form class="panel narrow fields" aria-labelledby={id} onSubmit={submit}>
      <h2 id={id}>Password</h2>
      <Field label="Current password" name="current" type="password" autoComplete="current-password" />
      <Field
        label="New password"
        name="next"
        type="password"
        autoComplete="new-password"
        minLength={12}
        hint="At least 12 characters. All your sessions end, also this one: sign in again with the new password."
        problem={problem}
      />
      <div class="save">
        <button type="submit" disabled={isBusy}>
          Change the password
        </button>
      </div>
    </form>
  )
}

function CloseForm({ account }: { readonly account: Account }) {
  const id = useId()
  const send = useSendToGraph()
  const signInAgain = useSignInAgain()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    if (field('email').trim() !== account.email)
      throw new Error(`Enter ${account.email} to close this account.`)
    await send(AccountCloseDocument, { input: { accountId: account.accountId } })
    signInAgain()
  })
  return (
    <form class="panel narrow fields" aria-labelledby={id} onSubmit={submit}>
      <h2 id={id}>Close the account</h2>
      <Field
        label="Your e-mail address"
        name="email"
        type="email"
        autoComplete="off"
        hint="Your sessions, tokens and roles end, and your name and address are erased. This cannot be undone."
        problem={problem}
      />
      <div class="save">
        <button type="submit" class="danger" disabled={isBusy}>
          Close the account for ever
        </button>
      </div>
    </form>
  )
}
