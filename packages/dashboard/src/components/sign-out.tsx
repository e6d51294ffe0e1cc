import { useState } from 'preact/hooks'
import { hrefOf } from '../navigation/use-place.ts'
import { useSession } from '../session/session.tsx'
import { sharedMessages } from '../messages/shared-messages.ts'

const texts = sharedMessages.signOut

/** Shows the signed-in account and a button to sign out; for readers of public reports, a link to sign in. */
export function SignOut() {
  const { token, account, leave } = useSession()
  const [problem, setProblem] = useState<string | null>(null)
  const email = account?.principal?.email ?? null
  if (token === null && email === null) {
    // Anybody may read the reports of this server, and more after signing in.
    return account?.principal?.kind === 'reader' ? (
      <a class="sign-out" href={hrefOf('/sign-in')}>
        {texts.signIn}
      </a>
    ) : null
  }
  const end = () => {
    leave().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
  }
  return (
    <div class="sign-out">
      {email === null ? (
        <span class="signed-in">{texts.operator}</span>
      ) : (
        <a
          class="signed-in"
          href={hrefOf('/you')}
          aria-label={texts.yourAccount(account?.principal?.name ?? email)}
        >
          {account?.principal?.name ?? email}
        </a>
      )}
      <button type="button" class="quiet" onClick={end}>
        {texts.signOut}
      </button>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
