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
]
