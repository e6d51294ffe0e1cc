import type { Site } from '@peerpress/registry'
import * as v from 'valibot'
import { InsightsError } from '../insights-error.ts'
import type { AskApi } from './read-day.ts'

const listSchema = v.object({
  siteEntry: v.optional(v.array(v.object({ siteUrl: v.string(), permissionLevel: v.string() })), []),
})
const maxProperties = 1000
/** characters */
const maxProperty = 2048
/** https://developers.google.com/webmaster-tools/v1/sites: the account may see that the property exists, and no figures. */
const unverified = 'siteUnverifiedUser'

/** Returns the properties whose figures the account may read. @throws {InsightsError} */
export async function readProperties(ask: AskApi): Promise<string[]> {
  const list = v.safeParse(listSchema, await ask('/sites', null))
  if (!list.success) throw new InsightsError('unexpected', 'Google’s answer has no list of properties.')
  return list.output.siteEntry
    .filter(({ siteUrl, permissionLevel }) => permissionLevel !== unverified && siteUrl.length <= maxProperty)
    .map(({ siteUrl }) => siteUrl)
    .slice(0, maxProperties)
}

/** Whether a property has figures of a site: a domain of it, or a prefix of addresses on one of its hosts. */
export function ofSite(property: string, { url, origins }: Pick<Site, 'url' | 'origins'>): boolean {
  const hosts = [url, ...origins].flatMap((each) => URL.parse(each)?.hostname ?? [])
  if (property.startsWith('sc-domain:')) {
    const domain = property.slice('sc-domain:'.length)
    return domain !== '' && hosts.some((host) => host === domain || host.endsWith(`.${domain}`))
  }
  const prefix = URL.parse(property)
  return prefix !== null && /^https?:$/.test(prefix.protocol) && hosts.includes(prefix.hostname)
}
