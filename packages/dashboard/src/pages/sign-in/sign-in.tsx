import { useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { Page } from '../../components/page.tsx'
import { TypedDocumentString } from '../../generated/graphql.ts'
import { basePath } from '../../navigation/base-path.ts'
import { continuation, graphPath } from '../../navigation/place.ts'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { signIn } from '../../session/account.ts'
import { queryGraph } from '../../session/query-graph.ts'
import { useSession } from '../../session/session.tsx'
import { hasPasskeys, signInWithPasskey } from '../../session/passkeys.ts'
import { goToProvider, providerProblem } from '../../session/provider.ts'
import { useChange } from '../../session/use-change.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { signInMessages } from '../../messages/sign-in-messages.ts'

const texts = signInMessages.signIn

/** Signs in with an account, or with the operator token of the server. */
export function SignIn() {
  const { query, go } = usePlace()
  const { account } = useSession()
  const [withToken, chooseToken] = useState(false)
  const next = () => {
    const to = continuation(query.get('to'))
    if (to === graphPath) location.replace(basePath + graphPath.slice(1))
    else go(to, { replace: true })
  }
  return (
    <Page title={texts.signIn}>
      <div class="panel narrow">
        {account?.firstStart && (
          <p class="notice">
            {texts.nobodyHasAccountYet} <a href={hrefOf('/welcome')}>{texts.createFirstAccount}</a>.
          </p>
        )}
        {providerProblem(query.get('problem')) !== null && (
          <p class="failure" role="alert">
            {providerProblem(query.get('problem'))}
          </p>
        )}
        {withToken ? <TokenForm onDone={next} /> : <PasswordForm onDone={next} />}
        {!withToken && <OtherWays provider={account?.provider ?? null} onDone={next} />}
        <button type="button" class="quiet" onClick={() => chooseToken(!withToken)}>
          {withToken ? texts.useEMailAddress : texts.useOperatorToken}
        </button>
      </div>
    </Page>
  )
}

interface FormProps {
  readonly onDone: () => void
}

function PasswordForm({ onDone }: FormProps) {
  const { reload } = useSession()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    await signIn({ email: field('email').trim(), password: field('password') })
    reload()
    onDone()
  })
  return (
    <form class="fields" onSubmit={submit}>
      <Field label={texts.eMailAddress} name="email" type="email" autoComplete="username" takesFocus />
      <Field
        label={texts.password}
        name="password"
        type="password"
        autoComplete="current-password"
        problem={problem}
      />
      <button type="submit" disabled={isBusy}>
        {texts.signIn}
      </button>
    </form>
  )
}

/** The ways to sign in without a password. */
function OtherWays({ provider, onDone }: FormProps & { readonly provider: string | null }) {
  const { reload } = useSession()
  const { make, problem, isBusy } = useChange()
  const withPasskey = () =>
    make(async () => {
      await signInWithPasskey()
      reload()
      onDone()
    })
  if (!hasPasskeys() && provider === null) return null
  return (
    <div class="other-ways">
      {hasPasskeys() && (
        <button type="button" disabled={isBusy} onClick={withPasskey}>
          {texts.signInWithPasskey}
        </button>
      )}
      {provider !== null && (
        <button type="button" disabled={isBusy} onClick={() => make(() => goToProvider({ link: false }))}>
          {texts.signInWith(provider)}
        </button>
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}

/** The smallest query, which the graph refuses without a valid token. */
const anything = new TypedDocumentString<{ readonly __typename: string }, object>('{ __typename }')

function TokenForm({ onDone }: FormProps) {
  const { enterToken } = useSession()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    const token = field('token').trim()
    // A header has no other characters, and no token does.
    if (!/^[\x21-\x7e]+$/.test(token)) throw new Error(wrongToken)
    const refused = await queryGraph(anything, {}, { token, signal: new AbortController().signal }).then(
      () => null,
      (error: unknown) => error,
    )
    if (refused !== null) throw refused
    enterToken(token)
    onDone()
  })
  return (
    <form class="fields" onSubmit={submit}>
      <Field
        label={texts.operatorToken}
        name="token"
        type="password"
        autoComplete="off"
        takesFocus
        hint={
          <>
            {texts.itIsInFile} <code>operator-token</code> {texts.ofServersDataFolder}
          </>
        }
        problem={problem}
      />
      <button type="submit" disabled={isBusy}>
        {texts.showReports}
      </button>
    </form>
  )
}

const wrongToken = texts.serverDidNotAccept
