import { ShareChart } from '../../components/charts/share-chart.tsx'
import { ReportView } from '../../components/report-view.tsx'
import { Section } from '../../components/section.tsx'
import { BreakdownTable } from '../../components/tables/breakdown-table.tsx'
import { CountryTable } from '../../components/tables/country-table.tsx'
import { nameOfPost } from '../../components/tables/post-table.tsx'
import { PostPageDocument, type PostPageQuery } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { format } from '../../report/page-format.ts'
import { formatTimeRange } from '../../report/time-range.ts'
import { type ReportResult, useReport } from '../../report/use-report.ts'
import { FigureCards } from '../overview/figure-cards.tsx'
import type { SitePageProps, SiteSummary } from '../site-page.ts'
import { PostAssets } from './post-assets.tsx'
import { PostCommunity } from './post-community.tsx'
import { PostHistory, PostReceipt } from './post-receipt.tsx'

/** A post: its figures and readers, what became of its publications, its assets, and the community's votes. */
export function PostPage({ site, range, postId }: SitePageProps & { readonly postId: string }) {
  const report = useReport(PostPageDocument, { site, range }, { postId })
  return (
    <>
      <p class="way-back">
        <a href={`${hrefOf(sitePath(site.siteId, 'posts'))}?${formatTimeRange(range)}`}>
          {messages.posts.back}
        </a>
      </p>
      <ReportView
        report={report}
        timeZone={site.timeZone}
        announce={(data) =>
          messages.states.views(format.count(data.site?.post?.report.sections.totals?.views ?? 0))
        }
      >
        {(result) => <Content result={result} site={site} />}
      </ReportView>
    </>
  )
}

function Content({
  result,
  site,
}: {
  readonly result: ReportResult<PostPageQuery>
  readonly site: SiteSummary
}) {
  const { timeZone } = site
  const { posts: texts, delivery } = messages
  const post = result.data.site?.post
  if (post == null) return <p class="panel">{texts.unknown}</p>
  const { to, sections } = post.report
  return (
    <>
      <div class="post-head">
        <h2>{nameOfPost(post.postId, post)}</h2>
        <a href={post.url}>{texts.open}</a>
      </div>
      <Section of={sections.totals} title={texts.reach}>
        {(totals) => <FigureCards totals={totals} compared={null} series={sections.series ?? []} />}
      </Section>
      <Section of={sections.series} title={delivery.shareTitle}>
        {(series) => (
          <ShareChart
            series={series}
            to={to}
            interval={result.interval}
            timeZone={timeZone}
            marks={post.publications.map(({ at }) => Date.parse(at))}
          />
        )}
      </Section>
      <Section of={sections.countries} title={texts.countries}>
        {(rows) =>
          rows.length > 0 && (
            <CountryTable
              rows={rows}
              of={{ site, range: result.range, filter: { post: post.postId }, by: 'COUNTRY', limit: 50 }}
            />
          )
        }
      </Section>
      <Section of={sections.referrers} title={texts.referrers}>
        {(rows) =>
          rows.length > 0 && (
            <BreakdownTable
              caption={texts.referrers}
              header={texts.cameFrom}
              rows={rows}
              nameOf={(key) => messages.referrers[key as keyof typeof messages.referrers] ?? key}
            />
          )
        }
      </Section>
      <PostReceipt post={post} timeZone={timeZone} />
      <PostHistory post={post} timeZone={timeZone} />
      <PostAssets post={post} />
      <PostCommunity post={post} timeZone={timeZone} />
    </>
  )
}
