import { ReportView } from '../../components/report-view.tsx'
import { Section } from '../../components/section.tsx'
import { type PostsQuery, PostsDocument } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { everyPage } from '../../report/every-page.ts'
import { format } from '../../report/page-format.ts'
import { phraseOf, rangeVariablesAt } from '../../report/time-range.ts'
import { type ReportResult, useReport } from '../../report/use-report.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { formatListPlace, isMetric, type ListPlace, listVariables, parseListPlace } from './list-place.ts'
import { PostListTable } from './post-list-table.tsx'
import { type ListedPosts, listedPosts } from './listed-posts.ts'
import { PostSearch } from './post-search.tsx'

/** A page of the list of posts: whether they are published, and their figures. */
export function PostList({ site, range }: SitePageProps) {
  const { query, go } = usePlace()
  const place = parseListPlace(query)
  const path = sitePath(site.siteId, 'posts')
  const hrefOfPlace = (target: ListPlace) => `${path}?${formatListPlace(range, target)}`
  const show = (picked: ListPlace) => go(hrefOfPlace(picked))
  const report = useReport(PostsDocument, { site, range, at: place.at }, listVariables(place))
  const send = useSendToGraph()
  const loadAll = async ({ now }: ReportResult<PostsQuery>) => {
    const moments = rangeVariablesAt(range, now, site.timeZone)
    return everyPage(async (after) => {
      const page = { ...place, after, before: null }
      const variables = {
        siteId: site.siteId,
        ...moments,
        ...listVariables(page, isMetric(place.order) ? 500 : 100),
      }
      const listed = listedPosts((await send(PostsDocument, variables)).site)
      return { rows: listed?.rows ?? [], next: listed?.hasNext === true ? listed.end : null }
    })
  }
  const { posts: texts } = messages
  return (
    <>
      <PostSearch place={place} onPick={show} />
      <ReportView
        report={report}
        timeZone={site.timeZone}
        announce={(data) => texts.count(format.count(listedPosts(data.site)?.rows.length ?? 0))}
      >
        {(result) => (
          <Section of={listedPosts(result.data.site)} title={texts.caption}>
            {(listed) =>
              listed.rows.length === 0 ? (
                <NoPosts place={place} phrase={phraseOf(result.range)} />
              ) : (
                <PostListTable
                  site={site}
                  range={result.range}
                  place={place}
                  rows={listed.rows}
                  onPick={show}
                  loadAll={() => loadAll(result)}
                >
                  <Paging
                    listed={listed}
                    place={place}
                    at={result.now}
                    phrase={phraseOf(result.range)}
                    hrefOfPlace={(target) => hrefOf(hrefOfPlace(target))}
                  />
                </PostListTable>
              )
            }
          </Section>
        )}
      </ReportView>
    </>
  )
}

interface PagingProps {
  readonly listed: ListedPosts
  readonly place: ListPlace
  /** When the report was taken, ms. */
  readonly at: number
  readonly phrase: string
  readonly hrefOfPlace: (place: ListPlace) => string
}

/** Links to the pages before and after. */
function Paging({ listed, place, at, phrase, hrefOfPlace }: PagingProps) {
  const { posts: texts } = messages
  const { hasNext, hasPrevious, start, end, totalCount } = listed
  const byMetric = isMetric(place.order)
  const isLater = byMetric && place.after !== null
  return (
    <>
      {totalCount !== null && (
        <p class="hint table-note">{texts.withViews(format.count(totalCount), phrase)}</p>
      )}
      {(hasNext || hasPrevious || isLater) && (
        <p class="paging table-note">
          {isLater && <a href={hrefOfPlace({ ...place, after: null, at: null })}>{texts.first}</a>}
          {hasPrevious && (
            <a href={hrefOfPlace({ ...place, after: null, before: start })}>{texts.previous}</a>
          )}
          {hasNext && (
            <a href={hrefOfPlace({ ...place, after: end, before: null, at: byMetric ? at : null })}>
              {texts.next}
            </a>
          )}
        </p>
      )}
    </>
  )
}

function NoPosts({
  place: { search, order },
  phrase,
}: {
  readonly place: ListPlace
  readonly phrase: string
}) {
  const { posts: texts } = messages
  if (isMetric(order)) return <p class="panel">{texts.notViewed(search, phrase)}</p>
  if (search !== '') return <p class="panel">{texts.notFound(search)}</p>
  return (
    <section class="panel narrow">
      <h2>{texts.none}</h2>
      <p>{texts.noneHow}</p>
    </section>
  )
}
