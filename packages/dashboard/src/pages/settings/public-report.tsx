import { useId } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import {
  PublicReportPublishDocument,
  PublicReportRevokeDocument,
  SitePublicReportDocument,
} from '../../generated/graphql.ts'
import { serverAddress } from '../../navigation/base-path.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.publicReport

interface PublicReportProps {
  readonly siteId: string
  /** The site's. */
  readonly timeZone: string
}

/** Interval between two loads, ms. */
const reportEvery = 300_000

/** Makes the overview's figures public, and ends that. */
export function PublicReport({ siteId, timeZone }: PublicReportProps) {
  const id = useId()
  const send = useSendToGraph()
  const { data, error, reload } = useGraph(SitePublicReportDocument, { siteId }, reportEvery)
  const { make, problem, isBusy } = useChange()
  const input = { siteId }
  const publish = () =>
    make(async () => {
      await send(PublicReportPublishDocument, { input })
      reload()
    })
  const replace = () => {
    if (confirm(texts.makeNewAddressPresent)) publish()
  }
  const revoke = () =>
    make(async () => {
      await send(PublicReportRevokeDocument, { input })
      reload()
    })
  const report = data?.site?.publicReport ?? null
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.publicReport}</h2>
      <p class="hint">{texts.everybodyWithAddressSees}</p>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {report !== null && (
        <p>
          <a class="address" href={serverAddress + report.path} target="_blank" rel="noreferrer">
            {serverAddress + report.path}
          </a>
          <br />
          <small>
            {texts.publicSince(formatTime(Date.parse(report.createdAt), { dateStyle: 'medium', timeZone }))}
          </small>
        </p>
      )}
      {data !== null && (
        <div class="save">
          {report === null ? (
            <button type="button" disabled={isBusy} onClick={publish}>
              {texts.makeItPublic}
            </button>
          ) : (
            <>
              <button type="button" disabled={isBusy} onClick={revoke}>
                {texts.makeItPrivate}
              </button>
              <button type="button" class="quiet" disabled={isBusy} onClick={replace}>
                {texts.makeNewAddress}
              </button>
            </>
          )}
        </div>
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}
