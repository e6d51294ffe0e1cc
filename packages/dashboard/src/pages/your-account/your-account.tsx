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
import { yourAccountMessages } from '../../messages/your-account-messages.ts'

const texts = yourAccountMessages.yourAccount

type Account = NonNullable<YourAccountQuery['me']>

/** Interval between two loads, ms. */
const accountEvery = 300_000

/** The account of the signed-in person: a new password, and the end of the account. */
export function YourAccount() {
  const { data, error, reload } = useGraph(YourAccountDocument, {}, accountEvery)
  return (
    <Page title={texts.yourAccount}>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data?.me === null && <p class="notice">{texts.youAreSigned}</p>}
      {data?.me != null && (
        <>
          <p>
            {data.me.name}, {data.me.email}
            {data.me.isAdministrator && texts.administrator}
          </p>
          {data.me.isAdministrator && (
            <p>
              <a href={hrefOf('/accounts')}>{texts.accounts}</a> {texts.and}{' '}
              <a href={hrefOf('/log')}>{texts.logOfChanges}</a> {texts.ofWholeInstallation}
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
      <h2 id={id}>{texts.password}</h2>
      <Field label={texts.currentPassword} name="current" type="password" autoComplete="current-password" />
      <Field
        label={texts.newPassword}
        name="next"
        type="password"
        autoComplete="new-password"
        minLength={12}
        hint={texts.atLeastCharactersAll}
        problem={problem}
      />
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.changePassword}
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
    if (field('email').trim() !== account.email) throw new Error(texts.enterToClose(account.email ?? ''))
    await send(AccountCloseDocument, { input: { accountId: account.accountId } })
    signInAgain()
  })
  return (
    <form class="panel narrow fields" aria-labelledby={id} onSubmit={submit}>
      <h2 id={id}>{texts.closeAccount}</h2>
      <Field
        label={texts.yourEMailAddress}
        name="email"
        type="email"
        autoComplete="off"
        hint={texts.yourSessionsTokens}
        problem={problem}
      />
      <div class="save">
        <button type="submit" class="danger" disabled={isBusy}>
          {texts.closeAccountForEver}
        </button>
      </div>
    </form>
  )
}
