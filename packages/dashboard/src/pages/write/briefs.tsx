import { useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { BriefsDocument, BriefsRequestDocument } from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { BriefCard } from './brief-card.tsx'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.briefs

/** Interval between two loads, ms. Briefs are made each day and on request. */
const briefsEvery = 30_000

interface BriefsProps extends Pick<SitePageProps, 'site'> {
  /** Called when a draft was requested. */
  readonly onRequested: () => void
}

/** The last list of briefs, the most promising first. */
export function Briefs({ site: { siteId, timeZone, mayWrite }, onRequested }: BriefsProps) {
  const { data, error, reload } = useGraph(BriefsDocument, { siteId }, briefsEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { briefs, briefsMadeAt, hasModel } = data.site
  return (
    <section aria-labelledby="briefs" class="finding-list">
      <h2 id="briefs">{texts.briefs}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {briefs.edges.length === 0 && (
        <p class="panel">{briefsMadeAt === null ? texts.noBriefsWereMade : texts.nothingIsWorthWriting}</p>
      )}
      {briefs.edges.length > 0 && (
        <ol class="finding-list">
          {briefs.edges.map(({ node }) => (
            <BriefCard key={node.id} brief={node} mayDraft={mayWrite && hasModel} onRequested={onRequested} />
          ))}
        </ol>
      )}
      {mayWrite && <RequestBriefs siteId={siteId} />}
      {briefsMadeAt !== null && (
        <p class="updated">
          {texts.madeFromEvidence(
            formatTime(Date.parse(briefsMadeAt), { dateStyle: 'medium', timeStyle: 'short', timeZone }),
          )}
        </p>
      )}
    </section>
  )
}

function RequestBriefs({ siteId }: { readonly siteId: string }) {
  const send = useSendToGraph()
  const [isRequested, setRequested] = useState(false)
  const { make, problem, isBusy } = useChange()
  const press = () =>
    make(async () => {
      await send(BriefsRequestDocument, { input: { siteId } })
      setRequested(true)
    })
  return (
    <div class="save">
      <button type="button" disabled={isBusy} onClick={press}>
        {texts.makeTodaysBriefsAgain}
      </button>
      <span role="status">{isRequested && texts.requestedNewListAppears}</span>
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}
