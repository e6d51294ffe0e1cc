export { type Account, type SiteRole, siteRoles } from './accounts/account.ts'
export type { AccountCredentials, Accounts } from './accounts/accounts.ts'
export type { WayRemoval } from './accounts/remove-way.ts'
export type { ApiToken, ApiTokenInput, ApiTokens } from './api-tokens/api-tokens.ts'
export type { AttemptLimit, AttemptLimits } from './attempt-limits/attempt-limits.ts'
export { type Audit, type AuditAction, auditActions, type AuditEvent } from './audit/audit.ts'
export type { MemberSite, MemberSiteInput, MemberSites } from './member-sites/member-sites.ts'
export {
  createSharedPostId,
  type ListedPost,
  type SharedPost,
  type SharedPosts,
} from './shared-posts/shared-posts.ts'
export type { Member, MemberKey, Memberships } from './memberships/memberships.ts'
export { type Session, sessionLimits, type Sessions, type SignedIn, signInWays } from './sessions/sessions.ts'
export type { SignInProof } from './sessions/sign-in-proof.ts'
export type { Invitation, Welcome, WelcomedAccount, Welcomes } from './welcomes/welcomes.ts'
export type { Challenge, ChallengePurpose, Challenges } from './challenges/challenges.ts'
export type { Identities, Identity, IdentityInput } from './identities/identities.ts'
export { type Passkey, type PasskeyInput, type Passkeys } from './passkeys/passkeys.ts'
export type { PublicReport, PublicReports } from './public-reports/public-reports.ts'
export { type SavedView, type SavedViews } from './saved-views/saved-views.ts'
export { type Assets, snapshotType, type StoredAsset } from './assets/assets.ts'
export type { NamedAsset, RegistryDump } from './backup/dump-registry.ts'
export { restoreRegistry } from './backup/restore-registry.ts'
export type { RestoredPosts, UnreadPost } from './backup/restored-posts.ts'
export { type Channel, type ChannelKind, channelKinds, type Channels } from './channels/channels.ts'
export {
  type Brief,
  type BriefKind,
  briefKinds,
  type BriefLink,
  type BriefSection,
  type BriefUpdate,
  type MeasuredText,
} from './briefs/brief.ts'
export type { BriefInput, Briefs } from './briefs/briefs.ts'
export type { ConnectionRequest, Connections, ProveSite } from './connections/connections.ts'
export {
  type ConnectorKind,
  connectorKinds,
  type ConnectorRecord,
  pollQueue,
} from './connectors/connector.ts'
export type { ConnectorInput, Connectors } from './connectors/connectors.ts'
export type { KnownPage, Pages, PollResult } from './connectors/pages.ts'
export {
  type Draft,
  type DraftClaim,
  type DraftContent,
  type DraftProgress,
  draftQueue,
  type DraftRefusal,
  type DraftSection,
  type DraftState,
  type DraftStatus,
  draftStatuses,
  type RefusalCode,
  refusalCodes,
} from './drafts/draft.ts'
export { type DraftPost, draftPostQueue, type DraftPosts } from './draft-posts/draft-posts.ts'
export type { DraftChange, DraftInput, Drafts } from './drafts/drafts.ts'
export type { EventJob, Events } from './events/events.ts'
export type { DomainChange, DomainEvent, DomainEventType } from './outbox/domain-event.ts'
export type { EventHandler } from './outbox/delivery.ts'
export type { Outbox, SubscriberState, Unsubscribe } from './outbox/outbox.ts'
export type { EvidenceFilter, EvidenceRecords } from './evidence/evidence.ts'
export {
  type EvidenceItem,
  evidenceItem,
  type EvidenceSource,
  evidenceSources,
  isEvidenceId,
  maxEvidenceText,
} from './evidence/evidence-item.ts'
export {
  type PageChange,
  pageChangeQueue,
  type PageChangeStatus,
  pageChangeStatuses,
  type PageFields,
  type PageTrial,
} from './page-changes/page-change.ts'
export type {
  PageChangeInput,
  PageChangeOutcome,
  PageTrialInput,
  PageTrials,
} from './page-changes/page-trials.ts'
export type { PageText, PageTextContent, PageTexts } from './evidence/page-texts.ts'
export type { QueryExport, QueryFigures, SearchQueries } from './evidence/search-queries.ts'
export {
  maxUploadItems,
  maxUploads,
  type Upload,
  type UploadInput,
  type UploadKind,
  uploadKinds,
  type Uploads,
} from './evidence/uploads.ts'
export type {
  AnalysisInput,
  FindingInput,
  Findings,
  StoredAnalysis,
  StoredFinding,
} from './findings/findings.ts'
export type {
  CountryFigures,
  SearchExport,
  SearchExports,
  SearchPeriod,
} from './search-exports/search-exports.ts'
export {
  type ReadDay,
  type SearchConnection,
  type SearchCredentialKind,
  searchCredentialKinds,
  type SearchProblem,
  searchProblems,
} from './search-console/search-connection.ts'
export type { Release } from './releases/releases.ts'
export {
  type ReportCadence,
  reportCadences,
  type ReportSchedule,
} from './report-schedules/report-schedules.ts'
export type { Schedule, ScheduleOutcome, Schedules } from './schedules/schedules.ts'
export type { RegistryHealth } from './engines/health.ts'
export {
  type EntryType,
  entryTypes,
  type Incident,
  type IncidentChange,
  type IncidentEntry,
  type IncidentSpan,
  severities,
  type Severity,
  type Symptom,
  symptoms,
} from './incidents/incident.ts'
export type { Incidents } from './incidents/incidents.ts'
export {
  type Notification,
  type NotificationContent,
  type ReportContent,
  type ReportedFigure,
  type NotificationType,
  notificationTypes,
} from './notifications/notification.ts'
export type { Notifications } from './notifications/notifications.ts'
export {
  costOf,
  type Model,
  type ModelKind,
  modelKinds,
  type ModelPrices,
  type ModelUse,
} from './models/model.ts'
export type { ModelCallInput, ModelInput, Models } from './models/models.ts'
export { notificationQueue } from './notifications/notify-channels.ts'
export {
  type ObjectiveKind,
  objectiveKinds,
  type ObjectiveRecord,
  type Objectives,
} from './objectives/objectives.ts'
export { createRecordId } from './record-id.ts'
export type { KeysetQuery, Place, Placed } from './keyset/keyset.ts'
export type { Lending, PlaceablePost, RevokedReason, StoredGrant, StoredOffer } from './lending/lending.ts'
export {
  epochOf,
  type LentDay,
  type LentReceipt,
  type LentSession,
  maxCreditPerNetwork,
} from './lending/receipts.ts'
export type { LedgerProblem } from './ledger/chain.ts'
export type { Ledger, LedgerCheck, LedgerRange, LedgerTransaction } from './ledger/ledger.ts'
export type { LedgerInput, LedgerRow, LedgerText } from './ledger/ledger-row.ts'
export { ledgerText } from './ledger/ledger-text.ts'
export type { DuePost, Reread, Rereads } from './rereads/rereads.ts'
export type { FeedCursor, FeedPost, FeedQuery, Standing } from './standing/standing.ts'
export type {
  Affinity,
  MemberNorms,
  MemberStanding,
  PostStanding,
  StandingHead,
  VoteStanding,
  WholeStanding,
} from './standing/standing-records.ts'
export type { StandingTables } from './standing/standing-tables.ts'
export type { JobRequest, Jobs, RunningJob, StopWork } from './jobs/jobs.ts'
export type { RegistryLocation } from './engines/registry-location.ts'
export { openRegistry, type Registry, type RegistryOptions } from './open-registry.ts'
export { findPostgresDamage, hasPostgresFiles, type RegistryDamage } from './engines/postgres-files.ts'
export type { LeftOut, OutcomeInput, Outcomes, Receipt } from './posts/outcomes.ts'
export type { ListedSitePost, PostPageQuery, PostPosition } from './posts/post-pages.ts'
export {
  maxNoteLength,
  type Timeline,
  timelineKinds,
  type TimelineEntry,
  type TimelineKind,
} from './timeline/timeline.ts'
export type { PostSummary } from './posts/post-summary.ts'
export type { Posts, Publication, PublishedAsset, PublishedPicture, PublishedPost } from './posts/posts.ts'
export {
  type ProbeKind,
  probeKinds,
  type ProbeMinute,
  type ProbeOutcomes,
  type ProbeRange,
  type ProbeRecord,
} from './probes/probe-outcomes.ts'
export { readCopyOfRegistry } from './engines/read-copy.ts'
export { RegistryError, type RegistryErrorCode } from './registry-error.ts'
export { type Consent, consents, type SavingsRates, type Site, type SiteCredentials } from './sites/site.ts'
export type { SigningKey } from './sites/site-keys.ts'
export type { SiteSettings } from './sites/site-settings.ts'
export { parseHttpUrl } from './sites/site-url.ts'
export type { PostState, PostStatement, Statements } from './posts/statements.ts'
export type { PolicyOutcome, SiteInput, Sites } from './sites/sites.ts'
