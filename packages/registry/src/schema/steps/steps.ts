import { sitesPostsAssets } from './0001-sites-posts-assets.ts'
import { noticeConsent } from './0002-notice-consent.ts'
import { snapshots } from './0003-snapshots.ts'
import { restorations } from './0004-restorations.ts'
import { postStatements } from './0005-post-statements.ts'
import { sitePolicies } from './0006-site-policies.ts'
import { disconnectedSites } from './0007-disconnected-sites.ts'
import { movedSites } from './0008-moved-sites.ts'
import { outcomes } from './0009-outcomes.ts'
import { dispositions } from './0010-dispositions.ts'
import { outboxAndSchedules } from './0011-outbox-and-schedules.ts'
import { accounts } from './0012-accounts.ts'
import { siteNamesAndTimeZones } from './0013-site-names-and-time-zones.ts'
import { connectors } from './0014-connectors.ts'
import { watch } from './0015-watch.ts'
import { insights } from './0016-insights.ts'
import { ledger } from './0017-ledger.ts'
import { community } from './0018-community.ts'
import { lending } from './0019-lending.ts'
import { briefs } from './0020-briefs.ts'
import { drafts } from './0021-drafts.ts'
import { advice } from './0022-advice.ts'
import { voters } from './0023-voters.ts'
import { signInWays } from './0024-sign-in-ways.ts'
import { sharedReports } from './0025-shared-reports.ts'
import { rotatedKeys } from './0026-rotated-keys.ts'
import { searchConsole } from './0027-search-console.ts'
import { releases } from './0028-releases.ts'
import { reportSchedules } from './0029-report-schedules.ts'
import { timeline } from './0030-timeline.ts'
import { savingsRates } from './0031-savings-rates.ts'
import { listPages } from './0032-list-pages.ts'
import { draftProgress } from './0033-draft-progress.ts'
import { rarityByWeight } from './0034-rarity-by-weight.ts'

/** All steps of the schema in their order. A released step is never edited; a new step follows it. */
export const steps: readonly string[] = [
  sitesPostsAssets,
  noticeConsent,
  snapshots,
  restorations,
  postStatements,
  sitePolicies,
  disconnectedSites,
  movedSites,
  outcomes,
  dispositions,
  outboxAndSchedules,
  accounts,
  siteNamesAndTimeZones,
  connectors,
  watch,
  insights,
  ledger,
  community,
  lending,
  briefs,
  drafts,
  advice,
  voters,
  signInWays,
  sharedReports,
  rotatedKeys,
  searchConsole,
  releases,
  reportSchedules,
  timeline,
  savingsRates,
  listPages,
  draftProgress,
  rarityByWeight,
]
