import { Failure } from '../../components/failure.tsx'
import { OwnSignInDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import { PasskeyPanel } from './passkey-panel.tsx'
import { ProviderPanel } from './provider-panel.tsx'
import { SessionPanel } from './session-panel.tsx'
import { yourAccountMessages } from '../../messages/your-account-messages.ts'

const texts = yourAccountMessages.signInWays

/** Interval between two loads, ms. */
const signInEvery = 300_000

/** How the person signs in, and where it is signed in. */
export function SignInWays() {
  const { data, error, reload } = useGraph(OwnSignInDocument, {}, signInEvery)
  if (data === null)
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  const { ownSignIn: own } = data
  if (own === null) return null
  return (
    <div class="settings sign-in-ways">
      <PasskeyPanel passkeys={own.passkeys} error={error} onChange={reload} />
      {(own.providerName !== null || own.providerLinks.length > 0) && (
        <ProviderPanel
          links={own.providerLinks}
          provider={own.providerName}
          error={error}
          onChange={reload}
        />
      )}
      <SessionPanel sessions={own.sessions} error={error} onChange={reload} />
    </div>
  )
}
