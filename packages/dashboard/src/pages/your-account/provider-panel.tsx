import { Entry, EntryPanel } from '../../components/entry-list.tsx'
import { type OwnSignInQuery, ProviderUnlinkDocument } from '../../generated/graphql.ts'
import { usePlace } from '../../navigation/use-place.ts'
import { formatTime } from '../../report/page-format.ts'
import type { GraphError } from '../../session/graph-error.ts'
import { goToProvider, providerProblem } from '../../session/provider.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { requireDone } from '../../session/user-errors.ts'
import { yourAccountMessages } from '../../messages/your-account-messages.ts'

const texts = yourAccountMessages.providerPanel

type Link = NonNullable<OwnSignInQuery['ownSignIn']>['providerLinks'][number]

interface ProviderPanelProps {
  readonly links: readonly Link[]
  /** The provider of the server; null if it has none any more. */
  readonly provider: string | null
  readonly error: GraphError | null
  readonly onChange: () => void
}

/** The links of the account to the identity provider. */
export function ProviderPanel({ links, provider, error, onChange }: ProviderPanelProps) {
  const { query } = usePlace()
  const { make, problem, isBusy } = useChange()
  const shown = problem ?? providerProblem(query.get('problem'))
  return (
    <EntryPanel
      title={provider === null ? texts.identityProvider : texts.signIn(provider)}
      error={error}
      onRetry={onChange}
      entries={links.map((link) => (
        <LinkEntry key={link.providerLinkId} link={link} onChange={onChange} />
      ))}
    >
      {provider !== null && (
        <button type="button" disabled={isBusy} onClick={() => make(() => goToProvider({ link: true }))}>
          {texts.linkThisAccount(provider)}
        </button>
      )}
      {shown !== null && (
        <p class="bad" role="alert">
          {shown}
        </p>
      )}
    </EntryPanel>
  )
}

function LinkEntry({ link, onChange }: { readonly link: Link; readonly onChange: () => void }) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const name = link.email ?? texts.personWithoutAddress
  const unlink = () =>
    make(async () => {
      const input = { providerLinkId: link.providerLinkId }
      requireDone((await send(ProviderUnlinkDocument, { input })).providerUnlink)
      onChange()
    })
  return (
    <Entry
      name={name}
      notes={texts.lastUsed(formatTime(Date.parse(link.usedAt), { dateStyle: 'medium' }))}
      problem={problem}
    >
      <button type="button" disabled={isBusy} aria-label={texts.unlinkNamed(name)} onClick={unlink}>
        {texts.unlink}
      </button>
    </Entry>
  )
}
