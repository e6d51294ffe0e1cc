import * as v from 'valibot'
import type { SignedRequest } from '../contract.ts'
import { pageUrlSchema } from '../events/event-schema.ts'
import { readAs } from '../events/read-as.ts'
import { type VerifiedRequest, verifyRequest } from '../events/verify-request.ts'

/** A verified message of a site's CMS. */
export interface SiteMessage extends VerifiedRequest {
  /** The CMS's home URL; null for release 0.1 of the plugin, which sends none. */
  readonly homeUrl: string | null
}

/** The fields that every message may have. */
export const commonSchema = v.object({ home_url: v.optional(pageUrlSchema) })

/**
 * Verifies the signature of a message of the WordPress plugin and parses it.
 * @throws {ConnectorError} `bad-signature`, `stale`, `bad-event`.
 */
export function verifySiteMessage(request: SignedRequest): SiteMessage {
  const verified = verifyRequest(request)
  const { home_url: homeUrl = null } = readAs(commonSchema, verified.content)
  return { ...verified, homeUrl }
}

/**
 * Returns whether a message's home URL is the one under which the site is registered, compared without scheme, `www.`
 * and trailing slashes. A copy of the CMS at another address has the original's secret, but must not act for it.
 */
export function isHomeOf(site: { readonly url: string }, homeUrl: string | null): boolean {
  return homeUrl === null || comparable(homeUrl) === comparable(site.url)
}

function comparable(text: string): string {
  const { host, pathname } = new URL(text)
  let end = pathname.length
  while (pathname[end - 1] === '/') end--
  return `${host.replace(/^www\./, '')}${pathname.slice(0, end)}`
}
