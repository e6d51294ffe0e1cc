import type { Registry, Site } from '@peerpress/registry'
import { type ConnectRequest, readConnectRequest } from './connect-request.ts'
import { findMovedSite } from './moved-site.ts'

/** A connect request with the sites that it concerns. */
export interface ConnectApplication {
  readonly request: ConnectRequest
  /** The site that moves; null if a site connects. */
  readonly movedSite: Site | null
  /** The registered site with this address; null if the site is new. */
  readonly registered: Site | null
}

/** Reads query or form fields. A returned text explains what is wrong with them. */
export async function findApplication(
  registry: Pick<Registry, 'sites'>,
  fields: unknown,
): Promise<ConnectApplication | string> {
  const request = readConnectRequest(fields)
  if (typeof request === 'string') return request
  const movedSite = await findMovedSite(registry, request)
  if (typeof movedSite === 'string') return movedSite
  const { href } = new URL(request.url)
  const addresses = [href, `${href}/`]
  const registered = (await registry.sites.list()).find(({ url }) => addresses.includes(url)) ?? null
  return { request, movedSite, registered }
}
