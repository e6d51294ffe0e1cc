import { Failure } from '../../components/failure.tsx'
import { CommunityDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { BanPanel } from './ban-panel.tsx'
import { CommunityFeed } from './community-feed.tsx'
import { MembershipPanel } from './membership-panel.tsx'
import { OwnPosts } from './own-posts.tsx'
import { SiteCases } from './site-cases.tsx'
import { SharePost } from './share-post.tsx'
import { communityMessages } from '../../messages/community-messages.ts'

const texts = communityMessages.community

/** Interval between two loads, ms. */
const communityEvery = 60_000

/** The community: membership and standing, what the site shared, and the feed to vote in. */
export function Community({ site }: SitePageProps) {
  const { siteId } = site
  const { data, error, reload } = useGraph(CommunityDocument, { siteId }, communityEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { membership, posts, sharedPosts } = data.site
  const shared = sharedPosts.edges.map(({ node }) => node)
  const published = posts.edges.map(({ node }) => node).filter(({ revoked }) => !revoked)
  return (
    <div class="report community">
      {error !== null && <Failure error={error} onRetry={reload} />}
      <MembershipPanel site={site} membership={membership} onChange={reload} />
      {membership?.ban?.isBanned === true && (
        <BanPanel siteId={siteId} timeZone={site.timeZone} ban={membership.ban} onChange={reload} />
      )}
      {membership !== null && <SharePost siteId={siteId} posts={published} onChange={reload} />}
      {shared.length > 0 && <OwnPosts posts={shared} />}
      <SiteCases siteId={siteId} timeZone={site.timeZone} onChange={reload} />
      <CommunityFeed
        siteId={siteId}
        own={membership?.member.host ?? null}
        posts={data.feed.edges.map(({ node }) => node)}
        onChange={reload}
      />
    </div>
  )
}
