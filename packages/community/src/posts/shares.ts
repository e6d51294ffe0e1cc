import type { SiteClient } from '@peerpress/publisher'
import { createSharedPostId, ledgerText, type Registry, type SharedPost } from '@peerpress/registry'
import type { PostId, SiteId } from '@peerpress/wire'
import { CommunityError } from '../community-error.ts'
import type { CommunityLedger } from '../ledger/community-ledger.ts'
import type { EntryBody, LedgerEntry } from '../ledger/entry.ts'
import { requireUnbanned } from '../standing/require-unbanned.ts'
import { takeAttempt } from '../take-attempt.ts'
import { choosePicture } from './choose-picture.ts'
import { describePage } from './describe-page.ts'
import { isOnMember, readPost, requireManifest } from './read-post.ts'

/** Shared posts of a member site: so many at once, then one in two hours. */
const shareLimit = { burst: 12, interval: 2 * 3_600_000 }

export interface SharesOptions {
  readonly registry: Pick<Registry, 'sites' | 'posts' | 'memberSites' | 'sharedPosts' | 'attemptLimits'>
  readonly ledger: CommunityLedger
  readonly client: SiteClient
}

/** What sites share with the community. */
export interface Shares {
  /**
   * Shares a published post of a member site. Title, summary, picture, language, region and topics are those of its public page,
   * whoever asks. A post that a decision hides stays hidden, also if its site left and joined again.
   * @throws {CommunityError} `not-member`, `banned`, `not-published`, `already-shared`, `foreign-post`, `unreadable-post`, `too-many`
   */
  share(site: SiteId, post: PostId): Promise<SharedPost>
}

export function createShares({ registry, ledger, client }: SharesOptions): Shares {
  const { sites, posts, memberSites, sharedPosts } = registry
  /** Shares in progress: two requests for one post must not append it twice. */
  const running = new Set<string>()

  const submit = async (siteId: SiteId, postId: PostId): Promise<SharedPost> => {
    const [site, holder] = await Promise.all([sites.get(siteId), memberSites.get(siteId)])
    if (site === null || holder === null) {
      throw new CommunityError('not-member', 'The site is not a member of the community. Join first.')
    }
    const { member } = holder
    const { url } = requireManifest(site, await posts.get(siteId, postId))
    if (!isOnMember(new URL(url), member)) {
      throw new CommunityError('foreign-post', `The post is not on ${member}, which this site has proven.`)
    }
    if ((await sharedPosts.find(siteId, postId)) !== null) throw alreadyShared()
    await takeAttempt(registry.attemptLimits, {
      what: `community.share ${member}`,
      ...shareLimit,
      advice: 'This site shared many posts in a short time.',
    })
    const page = await readPost(url, { site, member, client })
    const about = describePage(page.about, page.url)
    const picture = choosePicture(await posts.assets(siteId, postId), page.about.picture)
    const post = { site: siteId, post: postId, member, url: page.url.href, picture, ...about }
    const id = createSharedPostId()
    const title = ledgerText(about.title)
    const summary = about.summary === '' ? null : ledgerText(about.summary)
    const { language, region, topics } = about
    const body = {
      id,
      site: siteId,
      post: postId,
      url: post.url,
      language,
      region,
      topics: [...topics],
      title: title.hash,
      summary: summary?.hash ?? null,
      picture,
    }
    // Both or none, also when the process is killed or another server shares the post.
    return ledger.transaction(async (within) => {
      requireUnbanned(await within.standing.member(member))
      const shared = await sharedPosts.add({ id, ...post }, within.sql)
      if (shared === null) throw alreadyShared()
      const hidden = await hiddenBefore(within, shared)
      await within.append(
        [{ kind: 'submission', member, body }, ...(hidden === null ? [] : [hiddenAgain(id, member, hidden)])],
        [title, ...(summary === null ? [] : [summary])],
      )
      return shared
    })
  }

  return {
    share: async (site, post) => {
      const key = `${site}/${post}`
      if (running.has(key)) throw alreadyShared()
      running.add(key)
      try {
        return await submit(site, post)
      } finally {
        running.delete(key)
      }
    },
  }
}

type DecisionBody = EntryBody<'decision'>

/** Rows of one member site per read. */
const rowsAtOnce = 1000

/**
 * Returns the decision that hides an earlier submission of the same post: a site that leaves and joins again does not show it
 * again by that.
 */
async function hiddenBefore(
  ledger: Pick<CommunityLedger, 'read'>,
  { member, site, post, url }: Pick<SharedPost, 'member' | 'site' | 'post' | 'url'>,
): Promise<DecisionBody | null> {
  const submissions = new Set<string>()
  let last: DecisionBody | null = null
  for (let after = 0; ;) {
    const range = { member, kinds: ['submission', 'decision'], after, limit: rowsAtOnce }
    const rows = await ledger.read(range)
    for (const row of rows) {
      after = row.seq
      if (row.kind === 'submission') {
        const { body } = row
        if (body.url === url || (body.site === site && body.post === post)) submissions.add(body.id)
      }
      if (row.kind === 'decision' && submissions.has(row.body.subject.id)) last = row.body
    }
    if (rows.length < rowsAtOnce) return last?.action === 'hide' ? last : null
  }
}

/** Returns the row that hides a submission for the reason of an earlier one. Its site can appeal against it. */
function hiddenAgain(id: string, member: string, { reason, by }: DecisionBody): LedgerEntry {
  const body = { subject: { type: 'submission', id }, action: 'hide', reason, by, appeal: null } as const
  return { kind: 'decision', member, body }
}

function alreadyShared(): CommunityError {
  return new CommunityError('already-shared', 'The site shared this post already.')
}
