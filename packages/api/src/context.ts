import type { AccountServices } from '@peerpress/accounts'
import type { Community, CommunityLending, Moderation } from '@peerpress/community'
import type { Advising, Editorial, LocalModels } from '@peerpress/editorial'
import type { Insights, SearchConsole } from '@peerpress/insights'
import type { Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { PostId, SiteId } from '@peerpress/wire'
import type { PostLoader } from './reports/post-loader.ts'
import type { RequestRun } from './reports/request-run.ts'
import type { Sender } from './sender.ts'
import type { DraftWatch } from './streams/draft-watch.ts'
import type { Streams } from './streams/streams.ts'

/** The server's context of a request. */
export interface ApiRequest {
  readonly sender: Sender
  /** Whether any document is answered, on a server that answers the dashboard's own documents alone. @default false */
  readonly mayAskAnything?: boolean
}

/** Accepts a post for publication. Resolves once the job is queued. Rejects with a `PublisherError` or unexpectedly. */
export interface PostPublisher {
  publish(site: SiteId, post: PostId, url: string): Promise<unknown>
}

/** The signing keys of sites. */
export interface SiteKeys {
  /** Draws a site's signing key anew and signs its manifests with it. */
  rotateSigningKey(
    site: SiteId,
    options: { readonly actor: string; readonly endsFormer: boolean },
  ): Promise<void>
}

/** Retention and removal of measurements. Rejects with a `StoreError` or unexpectedly. */
export interface Keeping extends Pick<Store, 'retention' | 'retain' | 'removeVisitorDay'> {
  /** Removes all data of a site. It may be repeated after a failure. */
  removeSite(site: SiteId): Promise<{ readonly wasRegistered: boolean; readonly views: number }>
}

/** The dependencies of the graph. */
export interface Sources {
  readonly registry: Pick<
    Registry,
    | 'sites'
    | 'posts'
    | 'schedules'
    | 'timeline'
    | 'accounts'
    | 'memberships'
    | 'apiTokens'
    | 'audit'
    | 'passkeys'
    | 'identities'
    | 'sessions'
    | 'welcomes'
    | 'publicReports'
    | 'savedViews'
    | 'connectors'
    | 'outcomes'
    | 'objectives'
    | 'incidents'
    | 'channels'
    | 'notifications'
    | 'probeOutcomes'
    | 'lending'
    | 'memberSites'
    | 'sharedPosts'
    | 'pageTrials'
    | 'drafts'
    | 'draftPosts'
    | 'evidence'
    | 'uploads'
    | 'briefs'
    | 'ledger'
    | 'models'
    | 'releases'
    | 'reportSchedules'
  >
  readonly accounts: Pick<AccountServices, 'signIn' | 'welcoming' | 'tokens' | 'provider' | 'invitations'> & {
    /** Draws the operator's token anew and writes it into the data folder. */
    rotateOperatorToken(): Promise<void>
  }
  readonly keys: SiteKeys
  readonly store: Pick<Store, 'reportsFor'>
  readonly publisher: PostPublisher
  readonly keeping: Keeping
  /** Whether this server can send e-mail. */
  readonly hasMail: boolean
  readonly moderation: Moderation
  readonly lending: Pick<CommunityLending, 'grant' | 'revokeGrant' | 'revokeOffer'>
  readonly community: Community
  /** Advice on titles and descriptions, and trials of changes. */
  readonly advising: Advising
  readonly insights: Pick<
    Insights,
    'regions' | 'findings' | 'finding' | 'dismiss' | 'importSearch' | 'importQueries'
  >
  readonly searchConsole: Omit<SearchConsole, 'importSite' | 'enqueueDue' | 'work'>
  readonly editorial: Pick<Editorial, 'addUpload' | 'requestBriefs'>
  readonly localModels: Pick<LocalModels, 'state' | 'beginInstalling' | 'beginFetching' | 'remove'>
}

/** The context of a request before it is executed. */
export interface OperationContext extends Omit<Sources, 'store'>, Sender {
  readonly streams: Streams
  readonly draftWatch: DraftWatch
  /** Aborts when the client disconnects. */
  readonly disconnected: AbortSignal
}

/** The context of resolvers while one request is executed. Subscriptions have neither `run` nor `posts`: nothing that they select reads reports. */
export interface RequestContext extends OperationContext {
  readonly run: RequestRun
  /** Loads posts of rows together. */
  readonly posts: PostLoader
}
