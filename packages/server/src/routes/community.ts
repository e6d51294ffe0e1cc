import {
  type Community,
  feedPath,
  type FeedView,
  hotView,
  pagePolicy,
  renderAbsence,
  renderJsonFeed,
  renderList,
  renderMember,
  renderPost,
  renderRss,
} from '@peerpress/community'
import { type Request, type Response, Router } from 'express'

/** s for which caches may answer with a page. Votes come slowly, and a hidden post must disappear soon. */
const maxAge = 60

/** Posts in RSS and JSON Feed. */
const syndicated = 50

/** The ids, hosts and cursors that a request may have, characters. */
const maxParameter = 300

/**
 * The feed's pages for everybody, without scripts: `/community` (hot), `/community/new`, `/community/language/:language`,
 * `/community/region/:region`, `/community/posts/:id`, `/community/sites/:member`, `/community/feed.xml`, `/community/feed.json`.
 * Pages have an entity tag, and shared caches may store them for a minute.
 */
export function communityRoutes({
  community,
  publicUrl,
}: {
  readonly community: Pick<Community, 'feed'>
  readonly publicUrl: () => string
}): Router {
  const router = Router()
  const origin = () => new URL(publicUrl()).origin

  const showAbsence = (response: Response, state: 'unknown' | 'hidden' | 'withdrawn') => {
    secure(response)
    response.set('Cache-Control', 'no-store')
    response.status(state === 'unknown' ? 404 : 410).send(renderAbsence(origin(), state))
  }
  const showList = async (request: Request, response: Response, view: FeedView | null) => {
    const after = parameterOf(request, 'after')
    const page = view === null || after === undefined ? null : await community.feed.list(view, { after })
    if (view === null || after === undefined || page === null) showAbsence(response, 'unknown')
    else show(response, renderList({ view, origin: origin(), ...page, after }))
  }
  const syndicate = async (request: Request, response: Response, render: typeof renderRss) => {
    const view = viewOf({
      order: parameterOf(request, 'order') === 'new' ? 'new' : 'hot',
      language: parameterOf(request, 'language'),
      region: parameterOf(request, 'region'),
    })
    const page = view === null ? null : await community.feed.list(view, { limit: syndicated })
    if (view === null || page === null) showAbsence(response, 'unknown')
    else show(response, await render({ view, origin: origin(), entries: page.entries }))
  }

  router.get(feedPath, (request, response) => showList(request, response, hotView))
  router.get(`${feedPath}/new`, (request, response) =>
    showList(request, response, { ...hotView, order: 'new' }),
  )
  router.get(`${feedPath}/language/:language`, (request, response) =>
    showList(request, response, viewOf({ ...hotView, language: request.params.language })),
  )
  router.get(`${feedPath}/region/:region`, (request, response) =>
    showList(request, response, viewOf({ ...hotView, region: request.params.region })),
  )
  router.get(`${feedPath}/posts/:id`, async ({ params }, response) => {
    const found = await community.feed.post(params.id)
    if (typeof found === 'string') showAbsence(response, found)
    else show(response, renderPost(found, origin()))
  })
  router.get(`${feedPath}/sites/:member`, async ({ params }, response) => {
    const found = await community.feed.member(params.member)
    if (found === null) showAbsence(response, 'unknown')
    else show(response, renderMember(found, origin()))
  })
  router.get(`${feedPath}/feed.xml`, (request, response) =>
    syndicate(request, response.type('application/rss+xml; charset=utf-8'), renderRss),
  )
  router.get(`${feedPath}/feed.json`, (request, response) =>
    syndicate(request, response.type('application/feed+json; charset=utf-8'), renderJsonFeed),
  )
  return router
}

function show(response: Response, body: string): void {
  secure(response)
  response.set('Cache-Control', `public, max-age=${maxAge}`)
  response.send(body)
}

function secure(response: Response): void {
  response.set({
    'Content-Security-Policy': pagePolicy,
    'X-Content-Type-Options': 'nosniff',
    // The sites that are linked to learn that readers come from the feed, not from which page of it.
    'Referrer-Policy': 'strict-origin-when-cross-origin',
  })
}

/** Returns a query parameter: null if it is absent, undefined if it is repeated or too long. */
function parameterOf({ query }: Request, name: string): string | null | undefined {
  const value = query[name]
  if (value === undefined) return null
  return typeof value === 'string' && value.length <= maxParameter ? value : undefined
}

/** Returns the list; null if its language or region can be none. */
function viewOf({
  order,
  language,
  region,
}: {
  readonly order: FeedView['order']
  readonly language: string | null | undefined
  readonly region: string | null | undefined
}): FeedView | null {
  if (language === undefined || (language !== null && !/^[a-z]{2,3}$/.test(language))) return null
  if (region === undefined || (region !== null && !/^[A-Z]{2}$/.test(region))) return null
  return { order, language, region }
}
