import { type Action, may, type SiteAction } from '@peerpress/accounts'
import type { Incident, PostSummary, Site } from '@peerpress/registry'
import { postIdSchema, siteIdSchema } from '@peerpress/wire'
import * as v from 'valibot'
import { ApiError } from './api-error.ts'
import type { OperationContext } from './context.ts'
import { siteIdOf } from './schema/site-id.ts'
import { UserProblem } from './user-problem.ts'

type Context = Pick<OperationContext, 'registry' | 'principal'>

/**
 * Loads a site by its siteId or its global id for an action. Returns null if there is none, or if the principal may not read it: nobody learns which sites
 * exist. An invalid id does not reach the registry.
 * @throws {ApiError} `FORBIDDEN` if the principal may read the site and may not do this with it
 */
export async function siteOf(
  { registry, principal }: Context,
  id: string,
  action: SiteAction,
): Promise<Site | null> {
  const siteId = siteIdOf(id)
  if (!v.is(siteIdSchema, siteId) || !may(principal, 'report.read', siteId)) return null
  const site = await registry.sites.get(siteId)
  if (site !== null && !may(principal, action, siteId)) {
    throw new ApiError('FORBIDDEN', `Your role in this site does not permit ${action}.`)
  }
  return site
}

/** Loads the site of a mutation. @throws {ApiError} `BAD_USER_INPUT` if there is none, and the errors of {@link siteOf} */
export async function requireSite(context: Context, siteId: string, action: SiteAction): Promise<Site> {
  const site = await siteOf(context, siteId, action)
  if (site === null) throw new UserProblem('NOT_FOUND', 'siteId', 'There is no such site.')
  return site
}

/** Returns a post of a site that the principal may read, or null. An invalid id does not reach the registry. */
export async function findPost(
  { registry, principal }: Context,
  siteId: string,
  postId: string,
): Promise<PostSummary | null> {
  if (!v.is(siteIdSchema, siteId) || !v.is(postIdSchema, postId)) return null
  return may(principal, 'report.read', siteId) ? registry.posts.summary(siteId, postId) : null
}

/** @throws {ApiError} `FORBIDDEN` unless the principal may do it, with this site or the installation. */
export function requireAction(
  { principal }: Pick<Context, 'principal'>,
  action: Action,
  site: string | null,
): void {
  if (may(principal, action, site)) return
  throw new ApiError(
    'FORBIDDEN',
    site === null ? 'Only an administrator may do this.' : `You may not do this: ${action}.`,
  )
}

/** Returns an incident of a site that the principal may read, or null. */
export async function findIncident({ registry, principal }: Context, id: string): Promise<Incident | null> {
  const found = await registry.incidents.get(id)
  return found !== null && may(principal, 'report.read', found.site) ? found : null
}

/**
 * An administrator allowed the site's hosts to be private addresses. By a further host, its owner would make the server reach
 * any machine of the private network, and learn or publish what it answers.
 * @param urls URLs that the server would request
 * @throws {ApiError} `FORBIDDEN` unless all are on origins of the site, or an administrator adds them
 */
export function refuseReach(
  { allowPrivateAddresses, origins }: Site,
  urls: readonly string[],
  { principal }: Pick<Context, 'principal'>,
): void {
  if (!allowPrivateAddresses || may(principal, 'installation.manage', null)) return
  if (urls.every((url) => origins.includes(URL.parse(url)?.origin ?? ''))) return
  throw new ApiError(
    'FORBIDDEN',
    'This site may have private addresses, so another host lets the server reach your private network. Only an administrator can add one.',
  )
}
