import { useId, useRef } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { FileField } from '../../components/file-field.tsx'
import {
  SearchConsoleConnectDocument,
  SearchConsoleConsentDocument,
  SearchConsoleDisconnectDocument,
  SearchConsoleDocument,
  type SearchConsoleQuery,
} from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { present } from '../../session/user-errors.ts'
import { SearchProperty } from './search-property.tsx'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.searchConsole

/** Interval between two loads, ms. An import takes minutes. */
const connectionEvery = 15_000
/** A key file has about 2.4 KB; bytes. */
const maxKeySize = 16_384

type Connection = NonNullable<NonNullable<SearchConsoleQuery['site']>['searchConsole']>

interface PartProps {
  readonly siteId: string
  /** The site's. */
  readonly timeZone: string
}

/** The connection of the site to Google Search Console. */
export function SearchConsole({ siteId, timeZone }: PartProps) {
  const id = useId()
  const { data, error, reload } = useGraph(SearchConsoleDocument, { siteId }, connectionEvery)
  const site = data?.site ?? null
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.googleSearchConsole}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {site?.searchConsole === null && <p class="hint">{texts.connectItToSee}</p>}
      {site?.searchConsole != null && (
        <Connected siteId={siteId} timeZone={timeZone} connection={site.searchConsole} onChange={reload} />
      )}
      {site !== null && (site.searchConsole === null || site.searchConsole.problem === 'REVOKED') && (
        <>
          {site.canConsent ? (
            <Consent siteId={siteId} />
          ) : (
            <p class="hint">
              {texts.toConnect} <code>PEERPRESS_GOOGLE_CLIENT_ID</code> {texts.and}{' '}
              <code>PEERPRESS_GOOGLE_CLIENT_SECRET</code>.
            </p>
          )}
          <ConnectByKey siteId={siteId} onConnected={reload} />
        </>
      )}
    </section>
  )
}

interface ConnectedProps extends PartProps {
  readonly connection: Connection
  readonly onChange: () => void
}

function Connected({ siteId, timeZone, connection, onChange }: ConnectedProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const disconnect = () =>
    make(async () => {
      await send(SearchConsoleDisconnectDocument, { input: { siteId } })
      onChange()
    })
  const { kind, account, property, detail, resumeAt, progress, importedAt } = connection
  const at = (time: string) =>
    formatTime(Date.parse(time), { dateStyle: 'medium', timeStyle: 'short', timeZone })
  return (
    <>
      <p>
        {texts.connectedBy} {kind === 'OAUTH' ? texts.consentOfPerson : texts.serviceAccount(account ?? '')}.{' '}
        {property !== null && (
          <>
            {texts.property} <code class="target">{property}</code>
          </>
        )}
      </p>
      {detail !== null && (
        <p class="bad" role="alert">
          {detail}
          {resumeAt !== null && texts.importGoes(at(resumeAt))}
        </p>
      )}
      {property === null ? (
        <SearchProperty siteId={siteId} onChosen={onChange} />
      ) : (
        <p class="hint" role="status">
          {progress.days === 0
            ? texts.importHasBegun
            : texts.daysWereRead(progress.days, progress.firstDay, progress.lastDay)}
          {importedAt !== null && texts.completeOnLastDays(at(importedAt))}
        </p>
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="button" class="quiet" disabled={isBusy} onClick={disconnect}>
          {texts.disconnectAndRemove}
        </button>
      </div>
    </>
  )
}

function Consent({ siteId }: { readonly siteId: string }) {
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async () => {
    const { searchConsoleConsent } = await send(SearchConsoleConsentDocument, { input: { siteId } })
    location.assign(present(searchConsoleConsent.url))
  })
  return (
    <form onSubmit={submit} aria-label={texts.connectWithGoogle}>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.connectWithGoogle}
        </button>
      </div>
    </form>
  )
}

interface ConnectByKeyProps {
  readonly siteId: string
  readonly onConnected: () => void
}

function ConnectByKey({ siteId, onConnected }: ConnectByKeyProps) {
  const send = useSendToGraph()
  const file = useRef<HTMLInputElement>(null)
  const { submit, problem, isBusy } = useSubmit(async () => {
    const chosen = file.current?.files?.[0]
    if (chosen === undefined) throw new Error(texts.chooseFile)
    if (chosen.size > maxKeySize) throw new Error(texts.thisFileIsLarger)
    await send(SearchConsoleConnectDocument, { input: { siteId, key: await chosen.text() } })
    onConnected()
  })
  return (
    <form class="fields" onSubmit={submit} aria-label={texts.connectByServiceAccount}>
      <FileField label={texts.keyOfServiceAccount} accept=".json" field={file} />
      <p class="hint">{texts.inSearchConsoleAdd}</p>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.connectByKey}
        </button>
      </div>
    </form>
  )
}
