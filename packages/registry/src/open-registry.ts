import { createAccounts, type Accounts } from './accounts/accounts.ts'
import { type ApiTokens, createApiTokens } from './api-tokens/api-tokens.ts'
import type { Assets } from './assets/assets.ts'
import { createAssets } from './assets/assets.ts'
import { type AttemptLimits, createAttemptLimits, forgetAttempts } from './attempt-limits/attempt-limits.ts'
import { type Audit, createAudit, forgetOldAudit } from './audit/audit.ts'
import { dumpRegistry, type NamedAsset, type RegistryDump } from './backup/dump-registry.ts'
import { createRestoredPosts, type RestoredPosts } from './backup/restored-posts.ts'
import { type Challenges, createChallenges, forgetChallenges } from './challenges/challenges.ts'
import { type Connectors, createConnectors } from './connectors/connectors.ts'
import { type Briefs, createBriefs } from './briefs/briefs.ts'
import type { Connections } from './connections/connections.ts'
import { createConnections } from './connections/connections.ts'
import type { Database } from './engines/database.ts'
import { createEvidence, type EvidenceRecords } from './evidence/evidence.ts'
import { createPageTexts, type PageTexts } from './evidence/page-texts.ts'
import { createSearchQueries, type SearchQueries } from './evidence/search-queries.ts'
import { createUploads, type Uploads } from './evidence/uploads.ts'
import type { Events } from './events/events.ts'
import { createEvents } from './events/events.ts'
import { type RegistryHealth, watchHealth } from './engines/health.ts'
import { createDraftPosts, type DraftPosts } from './draft-posts/draft-posts.ts'
import { createDrafts, type Drafts } from './drafts/drafts.ts'
import { createFindings, type Findings } from './findings/findings.ts'
import { createIdentities, type Identities } from './identities/identities.ts'
import type { Jobs } from './jobs/jobs.ts'
import { createLedger, type Ledger } from './ledger/ledger.ts'
import { createJobs } from './jobs/jobs.ts'
import { createLending, type Lending } from './lending/lending.ts'
import { createRereads, type Rereads } from './rereads/rereads.ts'
import { createMemberSites, type MemberSites } from './member-sites/member-sites.ts'
import { createMemberships, type Memberships } from './memberships/memberships.ts'
import { createModels, type Models } from './models/models.ts'
import { migrate } from './schema/migrate.ts'
import { openDatabase } from './engines/open-database.ts'
import type { RegistryLocation } from './engines/registry-location.ts'
import { openingError } from './engines/opening-error.ts'
import { reportFullDisk } from './engines/report-full-disk.ts'
import { createOutbox, type Outbox } from './outbox/outbox.ts'
import { createPageTrials, type PageTrials } from './page-changes/page-trials.ts'
import type { Outcomes } from './posts/outcomes.ts'
import { createOutcomes } from './posts/outcomes.ts'
import type { Posts } from './posts/posts.ts'
import { createPosts } from './posts/posts.ts'
import { createPasskeys, type Passkeys } from './passkeys/passkeys.ts'
import { createPublicReports, type PublicReports } from './public-reports/public-reports.ts'
import { createSavedViews, type SavedViews } from './saved-views/saved-views.ts'
import { createSchedules, type Schedules } from './schedules/schedules.ts'
import { createReleases, type Releases } from './releases/releases.ts'
import { createReportSchedules, type ReportSchedules } from './report-schedules/report-schedules.ts'
import {
  createSearchAuthorizations,
  type SearchAuthorizations,
} from './search-console/search-authorizations.ts'
import { createSearchConnections, type SearchConnections } from './search-console/search-connections.ts'
import { createSearchExports, type SearchExports } from './search-exports/search-exports.ts'
import { readSecret, replaceSecret, storedSecret } from './secrets/secrets.ts'
import { createSessions, forgetSessions, type Sessions } from './sessions/sessions.ts'
import { createSharedPosts, type SharedPosts } from './shared-posts/shared-posts.ts'
import type { Sites } from './sites/sites.ts'
import { createStatements, type Statements } from './posts/statements.ts'
import { createStanding, type Standing } from './standing/standing.ts'
import { watchClock } from './engines/steady-clock.ts'
import { forgetFormerKeys } from './sites/site-keys.ts'
import { createSites } from './sites/sites.ts'
import { createTimeline, type Timeline } from './timeline/timeline.ts'
import { createWelcomes, forgetWelcomes, type Welcomes } from './welcomes/welcomes.ts'
import { type Channels, createChannels } from './channels/channels.ts'
import { createIncidents, type Incidents } from './incidents/incidents.ts'
import { createNotifications, type Notifications } from './notifications/notifications.ts'
import { createObjectives, type Objectives } from './objectives/objectives.ts'
import { createProbeOutcomes, type ProbeOutcomes } from './probes/probe-outcomes.ts'

export type RegistryOptions = RegistryLocation & {
  /**
   * Path of the file with the key and the head of the community's ledger. Without one, the ledger can be read only.
   * @default null
   */
  readonly ledgerFile?: string | null
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
  /** Called with notices for the operator. Must not throw. @default nothing */
  readonly onNotice?: (notice: string) => void
}

/** The records of an installation: sites, keys, posts, manifests, jobs, domain events and accounts. */
export interface Registry {
  readonly sites: Sites
  readonly posts: Posts
  readonly assets: Assets
  readonly events: Events
  readonly statements: Statements
  readonly outcomes: Outcomes
  readonly connections: Connections
  readonly connectors: Connectors
  readonly searchExports: SearchExports
  readonly searchConnections: SearchConnections
  readonly searchAuthorizations: SearchAuthorizations
  readonly releases: Releases
  readonly reportSchedules: ReportSchedules
  readonly findings: Findings
  readonly lending: Lending
  readonly rereads: Rereads
  readonly ledger: Ledger
  readonly standing: Standing
  readonly searchQueries: SearchQueries
  readonly pageTexts: PageTexts
  readonly evidence: EvidenceRecords
  readonly uploads: Uploads
  readonly briefs: Briefs
  readonly models: Models
  readonly drafts: Drafts
  readonly draftPosts: DraftPosts
  readonly pageTrials: PageTrials
  readonly jobs: Jobs
  readonly schedules: Schedules
  readonly outbox: Outbox
  readonly probeOutcomes: ProbeOutcomes
  readonly objectives: Objectives
  readonly incidents: Incidents
  readonly channels: Channels
  readonly notifications: Notifications
  readonly memberSites: MemberSites
  readonly sharedPosts: SharedPosts
  readonly restored: RestoredPosts
  readonly accounts: Accounts
  readonly memberships: Memberships
  readonly sessions: Sessions
  readonly passkeys: Passkeys
  readonly identities: Identities
  readonly challenges: Challenges
  readonly publicReports: PublicReports
  readonly savedViews: SavedViews
  readonly apiTokens: ApiTokens
  readonly welcomes: Welcomes
  readonly attemptLimits: AttemptLimits
  readonly audit: Audit
  readonly timeline: Timeline
  /**
   * Writes the records of one moment into files in a directory, for a backup. `within` is called in that moment with the
   * assets that its publications name.
   */
  dump(directory: string, within: (assets: readonly NamedAsset[]) => Promise<void>): Promise<RegistryDump>
  /** Returns the 32 random bytes that are stored under a name. The first call draws them. */
  secret(name: string): Promise<Uint8Array>
  /** Returns the bytes that are stored under a name, or null. */
  storedSecret(name: string): Promise<Uint8Array | null>
  /** Draws the bytes under a name anew, and returns them. */
  replaceSecret(name: string): Promise<Uint8Array>
  /** Returns the database's condition as of the last few seconds, at once, also while the database is busy. */
  health(): RegistryHealth
  /**
   * Removes what is no longer needed: old ids of events, old assets that no post has, handled domain events, ended sessions,
   * old audit events, old outcomes of probes, old notifications, old keys of lent seeds, search figures of more than three
   * years ago, evidence and briefs of more than a year ago, and drafts of more than a year ago that no person can approve. Frees
   * their space.
   */
  forgetOld(): Promise<void>
  /** Stops the jobs gracefully and closes the database. */
  close(): Promise<void>
}

/**
 * Opens the registry and migrates its tables to this release.
 * @throws {RegistryError} `locked` when another process owns the directory, `unusable-directory`, `damaged`,
 * `unavailable`, `newer-database`.
 */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { now = Date.now, onNotice, ledgerFile = null, ...location } = options
  const database = await openMigrated(location)
  const jobs = createJobs(database, (error) => openingError(error, location))
  const clock = watchClock({
    onSetBack: (ms) => {
      onNotice?.(
        `the clock was set back by ${Math.round(ms / 60_000)} minutes: jobs that waited for a time before are due now; check the machine's time service`,
      )
      Promise.all([database.clockWasSetBack(), jobs.advance()]).catch((error: unknown) =>
        onNotice?.(`jobs may wait until the lost time has come again: ${String(error)}`),
      )
    },
  })
  const outbox = createOutbox(database, { now, onNotice: (notice) => onNotice?.(notice) })
  const assets = createAssets(database, now)
  const searchExports = createSearchExports(database, now)
  const searchQueries = createSearchQueries(database, now)
  const searchConnections = createSearchConnections(database, now)
  const evidence = createEvidence(database, now)
  const briefs = createBriefs(database, now)
  const watch = watchHealth(database, { now })
  const drafts = createDrafts(database, jobs, now)
  const probeOutcomes = createProbeOutcomes(database, now)
  const lending = createLending(database, now)
  const notifications = createNotifications(database, jobs, now)
  return {
    sites: createSites(database, outbox, now),
    posts: createPosts(database, outbox, now),
    assets,
    events: createEvents(outbox, jobs, now),
    statements: createStatements(database),
    outcomes: createOutcomes(database, now),
    connections: createConnections(database, outbox, now),
    connectors: createConnectors(database, jobs, now),
    searchExports,
    searchConnections,
    searchAuthorizations: createSearchAuthorizations(database, now),
    releases: createReleases(database),
    reportSchedules: createReportSchedules(database, jobs, now),
    findings: createFindings(database, now),
    lending,
    rereads: createRereads(database, now),
    ledger: createLedger(database, { file: ledgerFile, now }),
    standing: createStanding(database, now),
    searchQueries,
    pageTexts: createPageTexts(database, now),
    evidence,
    uploads: createUploads(database, now),
    briefs,
    models: createModels(database, now),
    drafts,
    draftPosts: createDraftPosts(database, jobs, now),
    pageTrials: createPageTrials(database, jobs, now),
    jobs,
    schedules: createSchedules(database, jobs, now),
    outbox,
    probeOutcomes,
    objectives: createObjectives(database, now),
    incidents: createIncidents(database, jobs, now),
    channels: createChannels(database, jobs, now),
    notifications,
    memberSites: createMemberSites(database, now),
    sharedPosts: createSharedPosts(database, now),
    restored: createRestoredPosts(database, now),
    dump: (directory, within) => dumpRegistry(database, directory, within),
    accounts: createAccounts(database, now),
    memberships: createMemberships(database, now),
    sessions: createSessions(database, now),
    passkeys: createPasskeys(database, now),
    identities: createIdentities(database, now),
    challenges: createChallenges(database, now),
    publicReports: createPublicReports(database, now),
    savedViews: createSavedViews(database, now),
    apiTokens: createApiTokens(database, now),
    welcomes: createWelcomes(database, now),
    attemptLimits: createAttemptLimits(database, now),
    audit: createAudit(database, now),
    timeline: createTimeline(database),
    secret: (name) => readSecret(database, name),
    storedSecret: (name) => storedSecret(database, name),
    replaceSecret: (name) => replaceSecret(database, name),
    health: () => watch.health(),
    forgetOld: async () => {
      await forgetOldEvents(database, now())
      await assets.forgetReleased()
      await outbox.prune()
      await forgetAttempts(database, now())
      await forgetSessions(database, now())
      await forgetChallenges(database, now())
      await forgetWelcomes(database, now())
      await forgetFormerKeys(database, now())
      await forgetOldAudit(database, now())
      await probeOutcomes.prune()
      await notifications.prune()
      await lending.forget()
      await searchExports.forgetOld()
      await searchConnections.forgetOld()
      await searchQueries.forgetOld()
      await evidence.prune()
      await briefs.prune()
      await drafts.forgetOld()
      await database.vacuum()
    },
    close: async () => {
      clock.stop()
      watch.stop()
      await outbox.stop()
      await jobs.stop()
      await database.close()
    },
  }
}

async function openMigrated(location: RegistryLocation): Promise<Database> {
  try {
    const database = await openDatabase(location)
    try {
      await migrate(database)
    } catch (error) {
      // An error of closing a damaged engine would hide the error that matters.
      await database.close().catch(() => undefined)
      throw error
    }
    return reportFullDisk(database)
  } catch (error) {
    throw openingError(error, location)
  }
}

/** How long ids of events are stored, ms. A plugin stops retrying an event long before. */
const eventMemory = 90 * 24 * 3600 * 1000

async function forgetOldEvents(database: Database, now: number): Promise<void> {
  await database.query('delete from peerpress.event where received_at < $1', [new Date(now - eventMemory)])
}
