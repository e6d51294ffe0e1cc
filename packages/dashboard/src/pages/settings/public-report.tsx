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
    if (confirm('Make a new address? The present one ends at once.')) publish()
  }
  const revoke = () =>
    make(async () => {
      await send(PublicReportRevokeDocument, { input })
      reload()
    })
  const report = data?.site?.publicReport ?? null
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>Public report</h2>
      <p class="hint">
        Everybody with the address sees the figures of the whole site: views, speed, reliability and delivery.
        No posts, regions or people. Search engines are asked to leave it out.
      </p>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {report !== null && (
        <p>
          <a class="address" href={serverAddress + report.path} target="_blank" rel="noreferrer">
            {serverAddress + report.path}
          </a>
          <br />
          <small>
            Public since {formatTime(Date.parse(report.createdAt), { dateStyle: 'medium', timeZone })}
          </small>
        </p>
      )}
      {data !== null && (
        <div class="save">
          {report === null ? (
            <button type="button" disabled={isBusy} onClick={publish}>
              Make it public
            </button>
          ) : (
            <>
              <button type="button" disabled={isBusy} onClick={revoke}>
                Make it private
              </button>
              <button type="button" class="quiet" disabled={isBusy} onClick={replace}>
                Make a new address
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
