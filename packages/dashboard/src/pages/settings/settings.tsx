import { OwnersOnly } from '../../components/owners-only.tsx'
import { Failure } from '../../components/failure.tsx'
import { SiteSettingsDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { GeneralSettings } from './general-settings.tsx'
import { Members } from './members.tsx'
import { OriginSettings } from './origin-settings.tsx'
import { PolicySettings } from './policy-settings.tsx'
import { Keys } from './keys.tsx'
import { PublicReport } from './public-report.tsx'
import { SiteLog } from './site-log.tsx'
import { ReportSchedules } from './report-schedules.tsx'
import { SavingsSettings } from './savings-settings.tsx'
import { SearchConsole } from './search-console.tsx'
import { Tokens } from './tokens.tsx'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.settings

/** Interval between two loads, ms. A CMS may change the policy meanwhile. */
const settingsEvery = 300_000

/** The settings of a site, for its owners. */
export function Settings({ site: { siteId, timeZone }, onSiteChange }: SitePageProps) {
  const { data, error, reload } = useGraph(SiteSettingsDocument, { siteId }, settingsEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { site } = data
  if (!site.mayConfigure) {
    return (
      <section class="panel settings-note">
        <OwnersOnly what={texts.itsSettings} />
        <p>{texts.itsDays(site.timeZone)}</p>
      </section>
    )
  }
  const onSaved = () => {
    reload()
    onSiteChange()
  }
  return (
    <div class="settings">
      {error !== null && <Failure error={error} onRetry={reload} />}
      <GeneralSettings site={site} onSaved={onSaved} />
      <PolicySettings site={site} onSaved={onSaved} />
      <SavingsSettings site={site} onSaved={onSaved} />
      <OriginSettings site={site} onSaved={onSaved} />
      <SearchConsole siteId={siteId} timeZone={timeZone} />
      <ReportSchedules siteId={siteId} />
      <Members siteId={siteId} timeZone={timeZone} />
      <Tokens siteId={siteId} timeZone={timeZone} />
      <PublicReport siteId={siteId} timeZone={timeZone} />
      <Keys siteId={siteId} timeZone={timeZone} />
      <SiteLog siteId={siteId} timeZone={timeZone} />
    </div>
  )
}
