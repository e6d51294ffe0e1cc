import { Entry, EntryPanel } from '../../components/entry-list.tsx'
import {
  type OwnSignInQuery,
  SessionEndDocument,
  SessionsEndDocument,
  type SignInWay,
} from '../../generated/graphql.ts'
import { usePlace } from '../../navigation/use-place.ts'
import { formatTime } from '../../report/page-format.ts'
import type { GraphError } from '../../session/graph-error.ts'
import { useSession } from '../../session/session.tsx'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { requireDone } from '../../session/user-errors.ts'
import { yourAccountMessages } from '../../messages/your-account-messages.ts'

const texts = yourAccountMessages.sessionPanel

type OwnSession = NonNullable<OwnSignInQuery['ownSignIn']>['sessions'][number]

interface SessionPanelProps {
  readonly sessions: readonly OwnSession[]
  readonly error: GraphError | null
  readonly onChange: () => void
}

/** The browsers that are signed in, and a button that signs out everywhere. */
export function SessionPanel({ sessions, error, onChange }: SessionPanelProps) {
  const send = useSendToGraph()
  const { reload } = useSession()
  const { go } = usePlace()
  const { make, problem, isBusy } = useChange()
  const endAll = () => {
    if (!confirm(texts.signOutEverywhereAlso)) return
    make(async () => {
      await send(SessionsEndDocument, {})
      reload()
      go('/sign-in')
    })
  }
  return (
    <EntryPanel
      title={texts.whereYouAreSigned}
      error={error}
      onRetry={onChange}
      entries={sessions.map((session) => (
        <SessionEntry key={session.sessionId} session={session} onChange={onChange} />
      ))}
    >
      <div class="save">
        <button type="button" class="danger" disabled={isBusy} onClick={endAll}>
          {texts.signOutEverywhere}
        </button>
      </div>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </EntryPanel>
  )
}

const ways: Readonly<Record<SignInWay, string>> = {
  PASSWORD: texts.withPassword,
  PASSKEY: texts.withPasskey,
  PROVIDER: texts.byIdentityProvider,
  LINK: texts.byLink,
}

function SessionEntry({
  session: { sessionId, isCurrent, network, way, createdAt, seenAt },
  onChange,
}: {
  readonly session: OwnSession
  readonly onChange: () => void
}) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const began = `${way === null ? texts.signedIn : texts.signedInBy(ways[way])} ${timeOf(createdAt)}`
  const end = () =>
    make(async () => {
      requireDone((await send(SessionEndDocument, { input: { sessionId } })).sessionEnd)
      onChange()
    })
  return (
    <Entry
      name={isCurrent ? texts.thisBrowser : texts.browserIn(network ?? texts.unknownNetwork)}
      notes={texts.lastRequest(isCurrent && network !== null ? `${network}, ` : '', began, timeOf(seenAt))}
      problem={problem}
    >
      {!isCurrent && (
        <button
          type="button"
          disabled={isBusy}
          aria-label={texts.signOutBrowser(network ?? texts.unknownNetwork)}
          onClick={end}
        >
          {texts.signOut}
        </button>
      )}
    </Entry>
  )
}

function timeOf(time: string): string {
  return formatTime(Date.parse(time), { dateStyle: 'medium', timeStyle: 'short' })
}
