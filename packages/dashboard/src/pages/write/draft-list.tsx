import { useEffect, useState } from 'preact/hooks'
import { Announcement } from '../../components/announcement.tsx'
import { Failure } from '../../components/failure.tsx'
import { DraftsDocument, type DraftsQuery } from '../../generated/graphql.ts'
import { usePolledGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { DraftCard } from './draft-card.tsx'
import { progressText } from './draft-progress.tsx'
import { type FollowedDrafts, isPending, useDraftProgress } from './use-draft-progress.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.draftList

/** ms between two loads: without a stream, so that a draft shows how far it is; and with one. */
const draftsEvery = { polled: 3_000, live: 15_000 }

interface DraftListProps extends Pick<SitePageProps, 'site'> {
  /** Drafts that were requested on this page so far. One more loads the list again. */
  readonly requested: number
}

type Draft = NonNullable<DraftsQuery['site']>['drafts']['edges'][number]['node']

/** The drafts that the site's model wrote, the newest first. */
export function DraftList({ site, requested }: DraftListProps) {
  const { siteId } = site
  const [everyMs, setEveryMs] = useState(draftsEvery.polled)
  const { data, error, reload } = usePolledGraph(
    (send, signal) => send(DraftsDocument, { siteId }, signal),
    [siteId, requested],
    everyMs,
  )
  const drafts = (data?.site?.drafts.edges ?? []).map(({ node }) => node)
  const pending = drafts.filter(isPending).map(({ id }) => id)
  const followed = useDraftProgress(pending, reload)
  useEffect(() => setEveryMs(followed.isLive ? draftsEvery.live : draftsEvery.polled), [followed.isLive])
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  return (
    <section aria-labelledby="drafts" class="finding-list">
      <h2 id="drafts">{texts.drafts}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      <Announcement text={announcementOf(drafts, followed)} />
      {drafts.length === 0 ? (
        <p class="panel">{data.site.hasModel ? texts.noDraftWasWritten : texts.modelOfYourChoice}</p>
      ) : (
        <ol class="finding-list">
          {drafts.map((draft) => (
            <DraftCard
              key={draft.id}
              draft={draft}
              progress={followed.progress.get(draft.id) ?? null}
              site={site}
              onChanged={reload}
            />
          ))}
        </ol>
      )}
    </section>
  )
}

/** Returns what a screen reader says of the drafts that are being written. */
function announcementOf(drafts: readonly Draft[], { progress }: FollowedDrafts): string {
  return drafts
    .flatMap((draft) => {
      const known = progress.get(draft.id)
      if (known === undefined || !isPending(draft)) return []
      return [texts.announced(draft.brief?.question ?? texts.draft, progressText(known))]
    })
    .join(' ')
}
