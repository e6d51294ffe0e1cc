import { CliError } from '../cli-error.ts'
import { confirm } from '../output/confirm.ts'
import { say } from '../output/say.ts'
import { operatorClient } from '../client/server-options.ts'

/** Options of the commands that remove data and set retention. */
export interface KeepingValues {
  readonly server: string
  readonly data?: string | undefined
  readonly json: boolean
  readonly yes: boolean
}

/** All rows of a large site may have to be rewritten, ms. */
const removalTimeout = 3_600_000

/** Removes a site after a confirmation. Resolves to the exit code: 1 when there was nothing to remove. */
export async function removeSite(siteId: string, values: KeepingValues): Promise<number> {
  const client = await operatorClient(values)
  if (!values.yes) {
    const { site } = await client.query<{ site: { url: string } | null }>(
      'query($siteId: String!) { site(siteId: $siteId) { url } }',
      { siteId },
    )
    const name = site === null ? `all that is left of site ${siteId}` : `${site.url} (${siteId})`
    await confirm(`Remove ${name} with its posts, its key and all that was measured, for good?`)
  }
  const { siteRemove } = await client.query<{ siteRemove: { wasRegistered: boolean; views: number } }>(
    'mutation($input: SiteRemoveInput!) { siteRemove(input: $input) { wasRegistered views } }',
    { input: { siteId } },
    { timeout: removalTimeout },
  )
  if (values.json) process.stdout.write(`${JSON.stringify(siteRemove)}\n`)
  if (!siteRemove.wasRegistered && siteRemove.views === 0) {
    say.problem(`there is no site ${siteId}, and nothing of one`)
    return 1
  }
  say.done(`removed site ${siteId} and ${siteRemove.views} views`)
  return 0
}

/** Removes a visitor's views of a day, `YYYY-MM-DD`; exit code 1 when there were none. */
export async function removeVisitorDay(
  [siteId, visitor, day]: readonly [site: string, visitor: string, day: string],
  values: KeepingValues,
): Promise<number> {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new CliError('usage', `"${day}" is no day such as 2026-05-01`)
  const client = await operatorClient(values)
  if (!values.yes) await confirm(`Remove the views of visitor ${visitor} on ${day} for good?`)
  const { visitorDayRemove } = await client.query<{ visitorDayRemove: { views: number } }>(
    'mutation($input: VisitorDayRemoveInput!) { visitorDayRemove(input: $input) { views } }',
    { input: { siteId, visitor, day: `${day}T12:00:00Z` } },
    { timeout: removalTimeout },
  )
  if (values.json) process.stdout.write(`${JSON.stringify(visitorDayRemove)}\n`)
  if (visitorDayRemove.views === 0) {
    say.problem(`site ${siteId} has no view of visitor ${visitor} on ${day}`)
    return 1
  }
  say.done(`removed ${visitorDayRemove.views} views`)
  return 0
}

/** Sets how many days a site's measurements are retained: a number, or `default`. */
export async function retainSite(siteId: string, days: string, values: KeepingValues): Promise<number> {
  if (days !== 'default' && !/^\d{1,5}$/.test(days)) {
    throw new CliError('usage', 'give a number of days, or "default"')
  }
  const client = await operatorClient(values)
  const { siteRetain } = await client.query<{ siteRetain: { site: { retentionDays: number } } }>(
    'mutation($input: SiteRetainInput!) { siteRetain(input: $input) { site { retentionDays } } }',
    { input: { siteId, days: days === 'default' ? null : Number(days) } },
  )
  const { retentionDays } = siteRetain.site
  if (values.json) process.stdout.write(`${JSON.stringify({ retentionDays })}\n`)
  else say.done(`measurements of site ${siteId} are retained for ${retentionDays} days`)
  return 0
}
