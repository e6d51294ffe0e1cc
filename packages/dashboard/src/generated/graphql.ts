/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The input of accountClose. */
export type AccountCloseInput = {
  /** The account's accountId. */
  readonly accountId: string;
};

/** The input of accountPasswordChange. */
export type AccountPasswordChangeInput = {
  /** The password until now. */
  readonly currentPassword: string;
  /** 12 to 256 characters. */
  readonly newPassword: string;
};

/** The input of accountSignInReset. */
export type AccountSignInResetInput = {
  /** The account of a person who lost a device. */
  readonly accountId: string;
};

/** The input of administratorInvite. */
export type AdministratorInviteInput = {
  /** An e-mail address. */
  readonly email: string;
};

/** What is wrong with the title or the description of a public page. MISSING: it has none. DUPLICATE: another page has the same. TRUNCATED: it is wider than Google shows on a desktop. */
export type AdviceKind =
  /** Another page has the same description. */
  | 'DESCRIPTION_DUPLICATE'
  /** The page has no description. */
  | 'DESCRIPTION_MISSING'
  /** The description is wider than Google shows on a desktop. */
  | 'DESCRIPTION_TRUNCATED'
  /** Another page has the same title. */
  | 'TITLE_DUPLICATE'
  /** The page has no title. */
  | 'TITLE_MISSING'
  /** The title is wider than Google shows on a desktop. */
  | 'TITLE_TRUNCATED';

/** The input of annotationAdd. */
export type AnnotationAddInput = {
  /** Plain text of 1 to 500 characters. */
  readonly note: string;
  /** The time that the note is about. */
  readonly noteAt: string;
  /** The site. */
  readonly siteId: string;
};

/** What happened. NOTE: somebody wrote it. POLICY: the site has another mode or consent. PUBLICATION: a post was published or published again. RELEASE: a part of the site, such as its plugin or theme, has another version. REVOCATION: a post is public no more. */
export type AnnotationKind =
  /** Somebody wrote it. */
  | 'NOTE'
  /** The site has another mode or consent. */
  | 'POLICY'
  /** A post was published or published again. */
  | 'PUBLICATION'
  /** A part of the site, such as its plugin or theme, has another version. */
  | 'RELEASE'
  /** A post is public no more. */
  | 'REVOCATION';

/** The input of annotationRemove. */
export type AnnotationRemoveInput = {
  /** The id of the note. */
  readonly annotationId: string | number;
};

/** A text that a person approves for a page. */
export type ApprovedText = {
  /** The CMS's id of the post. */
  readonly postId: string;
  /** The new title or description: one line without markup. */
  readonly text: string;
};

/** The arms of the experiment. ASSISTED: eligible readers with assistance. CONTROL: eligible readers that a draw left on the origin. INELIGIBLE: readers that cannot take part. */
export type Arm =
  /** Eligible readers with assistance. */
  | 'ASSISTED'
  /** Eligible readers that a draw left on the origin. */
  | 'CONTROL'
  /** Readers that cannot take part. */
  | 'INELIGIBLE';

/** Why a brief was made. LAGGING_REGION: a region is shown, clicked or read less. QUERY_WITHOUT_PAGE: people search what no post answers. DECLINING_POST: search visits of a post fell. COMMUNITY_QUESTION: somebody asked or objected. */
export type BriefKind =
  /** Somebody asked or objected. */
  | 'COMMUNITY_QUESTION'
  /** Search visits of a post fell. */
  | 'DECLINING_POST'
  /** A region is shown, clicked or read less. */
  | 'LAGGING_REGION'
  /** People search what no post answers. */
  | 'QUERY_WITHOUT_PAGE';

/** The input of briefsRequest. */
export type BriefsRequestInput = {
  /** The site's id. */
  readonly siteId: string;
};

/** The input of channelAdd. */
export type ChannelAddInput = {
  /** How it is notified. */
  readonly kind: ChannelKind;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
  /** An e-mail address, or the URL of a webhook. */
  readonly target: string;
};

/** The input of channelDigestSet. */
export type ChannelDigestSetInput = {
  /** The channel's id. */
  readonly channelId: string;
  /** Whether it gets the weekly digest. */
  readonly hasDigest: boolean;
};

/** How a channel is notified. WEBHOOK: a POST request, signed as Standard Webhooks. */
export type ChannelKind =
  /** An e-mail. */
  | 'EMAIL'
  /** A POST request, signed as Standard Webhooks. */
  | 'WEBHOOK';

/** The input of channelRemove. */
export type ChannelRemoveInput = {
  /** The channel's channelId. */
  readonly channelId: string;
};

/** The input of channelTest. */
export type ChannelTestInput = {
  /** The channel's channelId. */
  readonly channelId: string;
};

/** The input of communityBanAppeal. */
export type CommunityBanAppealInput = {
  /** The banned site. */
  readonly siteId: string;
  /** Why the ban should end: 1-2,000 characters. */
  readonly text: string;
};

/** The input of communityBan. */
export type CommunityBanInput = {
  /** The member site, in punycode. */
  readonly host: string;
  /** The reason, 1-2,000 characters: the site reads it. */
  readonly text: string;
};

/** The input of communityJoin. */
export type CommunityJoinInput = {
  /** The site. */
  readonly siteId: string;
};

/** The input of communityLeave. */
export type CommunityLeaveInput = {
  /** The site. */
  readonly siteId: string;
};

/** The input of communityUnban. */
export type CommunityUnbanInput = {
  /** The member site, in punycode. */
  readonly host: string;
  /** The reason, 1-2,000 characters: the site reads it. */
  readonly text: string;
};

/** FEED: an RSS, Atom, RDF or JSON feed is polled. SITEMAP: a sitemap or an index of sitemaps is polled. WEBHOOK: the CMS sends signed events. */
export type ConnectorKind =
  /** An RSS, Atom, RDF or JSON feed is polled. */
  | 'FEED'
  /** A sitemap or an index of sitemaps is polled. */
  | 'SITEMAP'
  /** The CMS sends signed events. */
  | 'WEBHOOK';

/** What the server found at a page. PUBLISHED: its content was new. UNCHANGED: its content is the published one. REVOKED: it is public no more. ABSENT: it is not public, and never was published. FAILED: it could not be read. */
export type ConnectorPageResult =
  /** It is not public, and never was published. */
  | 'ABSENT'
  /** It could not be read. */
  | 'FAILED'
  /** Its content was new. */
  | 'PUBLISHED'
  /** It is public no more. */
  | 'REVOKED'
  /** Its content is the published one. */
  | 'UNCHANGED';

/** The input of connectorRemove. */
export type ConnectorRemoveInput = {
  /** The connector's connectorId. */
  readonly connectorId: string;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
};

/** The input of connectorSet. */
export type ConnectorSetInput = {
  /** Minutes from one poll to the next, 5 to 1440. The default is 15 for a feed, 60 for a sitemap. */
  readonly everyMinutes?: number | null | undefined;
  /** How it learns what changed. */
  readonly kind: ConnectorKind;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
  /** Address of the feed or sitemap, on one of the site's origins. */
  readonly url?: string | null | undefined;
};

/** The consent that readers give before their browsers exchange data with other browsers. */
export type Consent =
  /** Readers are not asked. */
  | 'ASSUMED'
  /** Readers see a notice, and may refuse. */
  | 'NOTICE'
  /** Readers must agree before. */
  | 'REQUIRED';

/** Whole days of the site's time zone, at most two years of them. */
export type DaysInput = {
  /** The first day, such as 2026-05-01. */
  readonly first: string;
  /** The last day, which is in the range, too. */
  readonly last: string;
};

/** The class of the reader's device. */
export type Device =
  /** A desktop or notebook. */
  | 'DESKTOP'
  /** A phone. */
  | 'MOBILE'
  /** Any other device. */
  | 'OTHER'
  /** A tablet. */
  | 'TABLET'
  /** A television. */
  | 'TV';

/** Properties of a view by which rows are grouped and views are filtered. */
export type Dimension =
  /** The arm of the experiment: assisted, control or ineligible. */
  | 'ARM'
  /** The AI assistant that led to the view. */
  | 'ASSISTANT'
  /** The browser without its version. */
  | 'BROWSER'
  /** utm_content of the URL. */
  | 'CAMPAIGN_CONTENT'
  /** utm_medium of the URL. */
  | 'CAMPAIGN_MEDIUM'
  /** utm_campaign of the URL. */
  | 'CAMPAIGN_NAME'
  /** utm_source of the URL. */
  | 'CAMPAIGN_SOURCE'
  /** utm_term of the URL. */
  | 'CAMPAIGN_TERM'
  /** The selector of the element that shifted most. */
  | 'CLS_TARGET'
  /** The effective connection type that the browser reports, such as 4g. */
  | 'CONNECTION'
  /** The reader's country, ISO 3166-1 alpha-2. */
  | 'COUNTRY'
  /** The class of the device. */
  | 'DEVICE'
  /** The selector of the element with the slowest interaction. */
  | 'INP_TARGET'
  /** The selector of the element with the largest paint. */
  | 'LCP_TARGET'
  /** The URL of the resource with the largest paint. */
  | 'LCP_URL'
  /** The reader's network: the autonomous system, such as AS3320 Deutsche Telekom. */
  | 'NETWORK'
  /** The post's postId. */
  | 'POST'
  /** The host of the page that led to the view. */
  | 'REFERRER'
  /** The kind of that page, such as search or assistant. */
  | 'REFERRER_CLASS'
  /** The search engine that led to the view. */
  | 'SEARCH_ENGINE'
  /** The reader's region in the country, ISO 3166-2. */
  | 'SUBDIVISION'
  /** The URL of the page. */
  | 'URL';

/** A condition on one dimension. Give at least one of eq, in, not and isUnknown; all that are given must match. Values are those of a row's key, such as mobile. */
export type DimensionFilter = {
  /** The dimension. */
  readonly dimension: Dimension;
  /** Views with this value. */
  readonly eq?: string | null | undefined;
  /** Views with one of these values; 1 to 200. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** true: only views whose value is unknown. false: only views whose value is known. */
  readonly isUnknown?: boolean | null | undefined;
  /** Views with none of these values, and views whose value is unknown; 1 to 200. */
  readonly not?: ReadonlyArray<string> | null | undefined;
};

/** The input of draftApprove. */
export type DraftApproveInput = {
  /** The draft's id. */
  readonly draftId: string | number;
};

/** The input of draftCancel. */
export type DraftCancelInput = {
  /** The draft's id. */
  readonly draftId: string | number;
};

/** The input of draftRequest. */
export type DraftRequestInput = {
  /** The brief's id. */
  readonly briefId: string | number;
  /** BCP 47; null for the brief's language, else English. */
  readonly language?: string | null | undefined;
};

/** The input of draftSendAgain. */
export type DraftSendAgainInput = {
  /** The draft's id. */
  readonly draftId: string | number;
};

/** The state of a draft. QUEUED, WRITING: not written yet. REFUSED: a gate refused it. PASSED: waits for a person. APPROVED: a person approved it. IN_CMS: it is a draft in the CMS. CONFLICT: somebody edited it there, and nothing was overwritten. FAILED: no answer of the model. CANCELLED: a person cancelled it. */
export type DraftStatus =
  /** A person approved it. */
  | 'APPROVED'
  /** A person cancelled it. */
  | 'CANCELLED'
  /** Somebody edited it there, and nothing was overwritten. */
  | 'CONFLICT'
  /** No answer of the model. */
  | 'FAILED'
  /** It is a draft in the CMS. */
  | 'IN_CMS'
  /** Waits for a person. */
  | 'PASSED'
  /** Not written yet. */
  | 'QUEUED'
  /** A gate refused it. */
  | 'REFUSED'
  /** Not written yet. */
  | 'WRITING';

/** Where evidence comes from. FINDING: an analysis. QUERY: what people searched when a search engine showed the site. ENGAGEMENT: what readers did. POST: a published post. DOWNVOTE, REPORT and QUESTION: what the community said. UPLOAD: what somebody uploaded. */
export type EvidenceSource =
  /** A reason that somebody gave for a vote against a post. */
  | 'DOWNVOTE'
  /** What readers did. */
  | 'ENGAGEMENT'
  /** An analysis. */
  | 'FINDING'
  /** A published post. */
  | 'POST'
  /** What people searched when a search engine showed the site. */
  | 'QUERY'
  /** A question that members of the community asked. */
  | 'QUESTION'
  /** A report of a post to the moderators. */
  | 'REPORT'
  /** What somebody uploaded. */
  | 'UPLOAD';

/** The input of evidenceUpload. */
export type EvidenceUploadInput = {
  /** When it was true, YYYY-MM-DD; null for today. A column "date" of a table comes first. */
  readonly date?: string | null | undefined;
  /** How to read it. */
  readonly format: UploadKind;
  /** BCP 47; null: it is detected. A column "language" comes first. */
  readonly language?: string | null | undefined;
  /** The file's name, for people. */
  readonly name: string;
  /** The country (ISO 3166-1) or subdivision (3166-2) that it is about; null for none. A column "region" comes first. */
  readonly region?: string | null | undefined;
  /** The site's id. */
  readonly siteId: string;
  /** Its bytes in base64; up to 512 KiB of bytes. */
  readonly uploadFile: string;
};

/** The input of evidenceUploadRemove. */
export type EvidenceUploadRemoveInput = {
  /** The upload's id. */
  readonly uploadId: string | number;
};

/** The days of an export, both included. */
export type ExportDaysInput = {
  /** YYYY-MM-DD */
  readonly firstDay: string;
  /** YYYY-MM-DD */
  readonly lastDay: string;
};

/** The input of findingDismiss. */
export type FindingDismissInput = {
  /** false: takes the dismissal back. */
  readonly dismissed?: boolean | null | undefined;
  /** The finding's id. */
  readonly findingId: string | number;
};

/** The input of incidentAcknowledge. */
export type IncidentAcknowledgeInput = {
  /** The incident's incidentId. */
  readonly incidentId: string;
};

/** What happened to an incident. */
export type IncidentEntryType =
  /** Somebody acknowledged it. */
  | 'ACKNOWLEDGED'
  /** It began. */
  | 'OPENED'
  /** It ended. */
  | 'RESOLVED'
  /** It got worse. */
  | 'UPDATED';

/** Length of the intervals of a series. A week begins on Monday. */
export type Interval =
  /** A day of the time zone: 23 to 25 hours. */
  | 'DAY'
  /** An hour, from a full hour of the time zone. */
  | 'HOUR'
  /** A minute. */
  | 'MINUTE'
  /** A month of the calendar. */
  | 'MONTH'
  /** A week, from Monday. */
  | 'WEEK';

/** The input of invitationRevoke. */
export type InvitationRevokeInput = {
  /** The invitation. */
  readonly invitationId: string;
  /** The site; left out for an invitation of an administrator. */
  readonly siteId?: string | null | undefined;
};

/** The input of localModelFetch. */
export type LocalModelFetchInput = {
  /** Lets the file come from a private address, and without TLS. Default: false. */
  readonly allowPrivateAddresses?: boolean | null | undefined;
  /** The name that the file gets, such as model.gguf. */
  readonly name: string;
  /** The SHA-256 of the file, 64 hexadecimal digits, as its publisher states it. */
  readonly sha256: string;
  /** Where the GGUF file is, such as https://…/model.gguf. */
  readonly url: string;
};

/** The input of localModelRemove. */
export type LocalModelRemoveInput = {
  /** The name of the file. */
  readonly name: string;
};

/** READY: the file is complete. FETCHING: it is being fetched. STOPPED: it was not fetched to its end; a new fetch of it continues. */
export type LocalModelState =
  /** It is being fetched. */
  | 'FETCHING'
  /** The file is complete. */
  | 'READY'
  /** It was not fetched to its end; a new fetch of it continues. */
  | 'STOPPED';

/** PROBES: requests that the server sends each minute. VIEWS: what readers experienced. */
export type Measure =
  /** Requests that the server sends each minute. */
  | 'PROBES'
  /** What readers experienced. */
  | 'VIEWS';

/** The input of memberInvite. */
export type MemberInviteInput = {
  /** An e-mail address. */
  readonly email: string;
  /** The role that the link gives. */
  readonly role: SiteRole;
  /** Whether the server sends the link to the address. Then it is not in the answer. The default is false. */
  readonly sendsMail?: boolean | null | undefined;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
};

/** The input of memberRemove. */
export type MemberRemoveInput = {
  /** The account's accountId. */
  readonly accountId: string;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
};

/** The input of memberRoleSet. */
export type MemberRoleSetInput = {
  /** The account's accountId. */
  readonly accountId: string;
  /** What the account may do with the site. */
  readonly role: SiteRole;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
};

/** The metrics of a report, by their path in Metrics. */
export type MetricName =
  /** Apdex of LCP with a target of 2.5 s, 0-1: views that met it, and half of those that took up to 10 s, ÷ all that measured it; null when none did. */
  | 'APDEX'
  /** Whether the 75th percentiles of LCP, INP and CLS are good. INP counts if at least 30 views measured it. UNKNOWN: none is known to be worse than good, and fewer than 30 views measured LCP or CLS. */
  | 'CORE_WEB_VITALS'
  /** The reader's own browser. */
  | 'DELIVERY_BYTES_CACHE'
  /** The server's copy. */
  | 'DELIVERY_BYTES_MIRROR'
  /** The site itself. */
  | 'DELIVERY_BYTES_ORIGIN'
  /** Other readers' browsers. */
  | 'DELIVERY_BYTES_PEER'
  /** Bytes that came from peers, seeds and mirrors, so that the origin did not send them; null when pages with a manifest loaded no asset. */
  | 'DELIVERY_BYTES_SAVED'
  /** Always-on peers. */
  | 'DELIVERY_BYTES_SEED'
  /** Assisted views that had an open connection to a peer at some time ÷ assisted views of pages with a manifest, 0-1; null when there is none. A view whose post nobody else reads has nobody to connect to. */
  | 'DELIVERY_CONNECTED_RATIO'
  /** Jain's index of the bytes that assisted readers uploaded: 1 when all gave the same, 1 ÷ n when one of n gave all; null when none gave. */
  | 'DELIVERY_FAIRNESS'
  /** Bytes from peers ÷ all asset bytes of pages that had a manifest, 0-1; null when there were none. */
  | 'DELIVERY_PEER_HIT_RATIO'
  /** Bytes from the origin ÷ bytes that the origin would have sent if each reader had loaded one copy of the same assets from it, 0-1; null when there were none. The second is the bytes from origin, peers, seeds and mirrors together, of pages that had a manifest: an asset in the browser cache needs no copy. */
  | 'DELIVERY_RESIDUAL_ORIGIN_LOAD'
  /** Bytes readers sent to each other. */
  | 'DELIVERY_UPLOADED'
  /** Visible and focused, ms. */
  | 'ENGAGEMENT_ENGAGED_MS'
  /** Furthest point reached, 0-1. */
  | 'ENGAGEMENT_SCROLL_DEPTH'
  /** Views there would be if every session was measured: each counts 1 ÷ its sampling. */
  | 'ESTIMATED_VIEWS'
  /** Good: up to 0.1. Poor: more than 0.25. */
  | 'RATINGS_CLS'
  /** Good: up to 1800 ms. Poor: more than 3000 ms. */
  | 'RATINGS_FCP'
  /** Good: up to 200 ms. Poor: more than 500 ms. */
  | 'RATINGS_INP'
  /** Good: up to 2500 ms. Poor: more than 4000 ms. */
  | 'RATINGS_LCP'
  /** Good: up to 800 ms. Poor: more than 1800 ms. */
  | 'RATINGS_TTFB'
  /** Complete assets ÷ all requested assets, 0-1; null when none was requested. */
  | 'RELIABILITY_ASSET_SUCCESS_RATIO'
  /** Peers that were dropped because they sent such a chunk. */
  | 'RELIABILITY_DROPPED_PEERS'
  /** Views without an uncaught script error ÷ views that listened for one, 0-1; null when none did. */
  | 'RELIABILITY_ERROR_FREE_RATIO'
  /** Requests that the origin completed after peers were asked. */
  | 'RELIABILITY_FALLBACKS'
  /** Assisted views with a request that the origin completed after peers were asked ÷ assisted views with assets, 0-1; null when there is none. */
  | 'RELIABILITY_FALLBACK_RATIO'
  /** Chunks from peers that failed verification and were discarded. */
  | 'RELIABILITY_REJECTED_CHUNKS'
  /** How often a video or sound waited for data. */
  | 'RELIABILITY_STALLS'
  /** Time that videos and sounds waited for data ÷ time that they played or waited, 0-1; null when none played. */
  | 'RELIABILITY_STALL_RATIO'
  /** Views that requested assets and got all of them. */
  | 'RELIABILITY_VIEWS_WITHOUT_FAILURE'
  /** Views that requested an asset. */
  | 'RELIABILITY_VIEWS_WITH_ASSETS'
  /** Views without a failed asset ÷ views with assets, 0-1; null when there is none. */
  | 'RELIABILITY_VIEW_SUCCESS_RATIO'
  /** Bytes that reached a page and did not match the post's manifest. Must be 0. */
  | 'RELIABILITY_WRONG_BYTES'
  /** Views that rejected a chunk because its verification failed ÷ views that got chunks from peers, seeds or mirrors, 0-1; null when none did. */
  | 'RELIABILITY_WRONG_CHUNK_RATIO'
  /** Cumulative Layout Shift. */
  | 'SPEED_CLS'
  /** First Contentful Paint. */
  | 'SPEED_FCP'
  /** Interaction to Next Paint. */
  | 'SPEED_INP'
  /** Largest Contentful Paint. */
  | 'SPEED_LCP'
  /** End of the load event. */
  | 'SPEED_LOAD'
  /** Total duration of the long animation frames of a view: frames of 50 ms or more, in which the page may respond late. null also where no browser reports them. */
  | 'SPEED_LONG_FRAME_TIME'
  /** Time to First Byte. */
  | 'SPEED_TTFB'
  /** Views that were measured. */
  | 'VIEWS';

/** The peers that may assist readers. FULL: other readers of the same post, and seeds. SEEDS_ONLY: the seeds of the site alone. OFF: none. */
export type Mode =
  /** Other readers of the same post, and seeds. */
  | 'FULL'
  /** None. */
  | 'OFF'
  /** The seeds of the site alone. */
  | 'SEEDS_ONLY';

/** A model with its prices and budget. */
export type ModelInput = {
  /** Lets the endpoint have a private address. Only an administrator may. Default: false. */
  readonly allowPrivateAddresses?: boolean | null | undefined;
  /** Of an endpoint: the URL before /chat/completions. */
  readonly baseUrl?: string | null | undefined;
  /** For a month (UTC): units of the currency, or tokens without prices. */
  readonly budget: number;
  /** ISO 4217, with prices. */
  readonly currency?: string | null | undefined;
  /** For a million tokens of input. Both prices or none. */
  readonly inputPrice?: number | null | undefined;
  /** Of an endpoint. Left out: a stored key stays, unless the URL changes. null: no key. */
  readonly key?: string | null | undefined;
  /** Where it runs. */
  readonly kind: ModelKind;
  /** Tokens of one answer, 256-32768. Default: 4096. */
  readonly maxOutputTokens?: number | null | undefined;
  /** The endpoint's name of the model, or the GGUF file's name. */
  readonly name: string;
  /** For a million tokens of output. */
  readonly outputPrice?: number | null | undefined;
};

/** Where a model runs. ENDPOINT: an OpenAI-compatible HTTP API. LOCAL: a GGUF file on this server, which only an administrator may choose. */
export type ModelKind =
  /** An OpenAI-compatible HTTP API. */
  | 'ENDPOINT'
  /** A GGUF file on this server, which only an administrator may choose. */
  | 'LOCAL';

/** The input of modelRemove. */
export type ModelRemoveInput = {
  /** The site's id. */
  readonly siteId: string;
};

/** The input of modelSet. */
export type ModelSetInput = {
  /** The model. */
  readonly model: ModelInput;
  /** The site's id. */
  readonly siteId: string;
};

/** HIDE: the feed shows the post no more. RESTORE: the feed shows it, again or still. */
export type ModerationAction =
  /** The feed shows the post no more. */
  | 'HIDE'
  /** The feed shows it, again or still. */
  | 'RESTORE';

/** The input of moderationAppeal. */
export type ModerationAppealInput = {
  /** The site that shared the post. */
  readonly siteId: string;
  /** The hidden submission. */
  readonly submissionId: string;
  /** Why it should be shown: 1-2,000 characters. */
  readonly text: string;
};

/** The input of moderationDecide. */
export type ModerationDecideInput = {
  /** What becomes of it. */
  readonly action: ModerationAction;
  /** The submission. */
  readonly submissionId: string;
  /** The reason, 1-2,000 characters: the site that shared the post and those that reported it read it. */
  readonly text: string;
};

/** REPORT: a member site reported the post. DECISION: the operator, or a rule, hid it, restored it or left it as it was. APPEAL: the site that shared it asks for another decision. */
export type ModerationEventKind =
  /** The site that shared it asks for another decision. */
  | 'APPEAL'
  /** The operator, or a rule, hid it, restored it or left it as it was. */
  | 'DECISION'
  /** A member site reported the post. */
  | 'REPORT';

/** What a notification is about: an incident that opened, got worse or ended, nothing (TEST), the week (DIGEST), a decision about a shared post (NOTICE), or the figures of a week or month (REPORT). */
export type NotificationType =
  /** The week. */
  | 'DIGEST'
  /** A decision about a shared post. */
  | 'NOTICE'
  /** An incident that opened. */
  | 'OPENED'
  /** The figures of a week or month. */
  | 'REPORT'
  /** An incident that ended. */
  | 'RESOLVED'
  /** Nothing: a test of the channel. */
  | 'TEST'
  /** An incident that got worse. */
  | 'UPDATED';

/** What an objective counts. AVAILABILITY: probes that the site answered, and views that loaded what they requested. LCP: views with a good largest contentful paint (2.5 s or less). */
export type ObjectiveKind =
  /** Probes that the site answered, and views that loaded what they requested. */
  | 'AVAILABILITY'
  /** Views with a good largest contentful paint (2.5 s or less). */
  | 'LCP';

/** The input of objectiveSet. */
export type ObjectiveSetInput = {
  /** What is judged. */
  readonly kind: ObjectiveKind;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
  /** Ratio 0-1, such as 0.995. null: the default. */
  readonly target?: number | null | undefined;
};

/** The order of rows. Rows in which the metric was not measured come last in both. */
export type OrderDirection =
  /** Lowest value first. */
  | 'ASC'
  /** Highest value first. */
  | 'DESC';

/** The state of a change. WAITING: the page is in the half that waits. QUEUED: it will be written. WRITTEN: the CMS has it. PROVEN: the public page shows it. NOT_SHOWN: the CMS has it, and the page does not show it. CONFLICT: somebody edited the fields, and nothing was overwritten. FAILED: the CMS did not do it. UNDOING, UNDONE: the text before is written back. CANCELLED: the trial ended first. */
export type PageChangeStatus =
  /** The trial ended first. */
  | 'CANCELLED'
  /** Somebody edited the fields, and nothing was overwritten. */
  | 'CONFLICT'
  /** The CMS did not do it. */
  | 'FAILED'
  /** The CMS has it, and the page does not show it. */
  | 'NOT_SHOWN'
  /** The public page shows it. */
  | 'PROVEN'
  /** It will be written. */
  | 'QUEUED'
  /** The text before is written back. */
  | 'UNDOING'
  /** The text before is written back. */
  | 'UNDONE'
  /** The page is in the half that waits. */
  | 'WAITING'
  /** The CMS has it. */
  | 'WRITTEN';

/** The input of pageTrialEnd. */
export type PageTrialEndInput = {
  /** The trial's id. */
  readonly trialId: string;
};

/** The input of pageTrialRollBack. */
export type PageTrialRollBackInput = {
  /** The trial's id. */
  readonly trialId: string;
};

/** The input of pageTrialStart. */
export type PageTrialStartInput = {
  /** What the texts improve. */
  readonly advice: AdviceKind;
  /** Two to 500 pages that have advice of this kind, each with its new text. */
  readonly approvedTexts: ReadonlyArray<ApprovedText>;
  /** The site's id. */
  readonly siteId: string;
};

/** The input of passkeyRemove. */
export type PasskeyRemoveInput = {
  /** The passkey, which is one of your own. */
  readonly passkeyId: string;
};

/** The input of passkeyRename. */
export type PasskeyRenameInput = {
  /** Its new name: 1 to 100 characters. */
  readonly name: string;
  /** The passkey, which is one of your own. */
  readonly passkeyId: string;
};

/** The order of a list of posts. */
export type PostOrder =
  /** Latest publication first. */
  | 'PUBLISHED'
  /** By title from A to Z; a post without one by its URL. */
  | 'TITLE';

/** The input of postReport. */
export type PostReportInput = {
  /** What is wrong. */
  readonly reason: ReportReason;
  /** The submission of another member site. */
  readonly reportedId: string;
  /** The member site that reports. */
  readonly siteId: string;
  /** At most 2,000 characters for the operator alone. @default none */
  readonly text?: string | null | undefined;
};

/** The input of postShare. */
export type PostShareInput = {
  /** The CMS's id of a published post. */
  readonly postId: string;
  /** A member site. */
  readonly siteId: string;
};

/** The input of postVote. */
export type PostVoteInput = {
  /** At most 500 characters, which the author sees. A downvote needs one. @default none */
  readonly reason?: string | null | undefined;
  /** The member site that votes. */
  readonly siteId: string;
  /** The submission that it votes on. */
  readonly submissionId: string;
  /** The vote. */
  readonly value: VoteValue;
};

/** HTTP: the server requests the page alone, every minute. BROWSER: the page in a browser with all that it loads, every 15 minutes. */
export type ProbeKind =
  /** The page in a browser with all that it loads, every 15 minutes. */
  | 'BROWSER'
  /** The server requests the page alone, every minute. */
  | 'HTTP';

/** The input of providerUnlink. */
export type ProviderUnlinkInput = {
  /** The link, which is one of your own. */
  readonly providerLinkId: string;
};

/** The input of publicReportPublish. */
export type PublicReportPublishInput = {
  /** The site's id. */
  readonly siteId: string;
};

/** The input of publicReportRevoke. */
export type PublicReportRevokeInput = {
  /** The site's id. */
  readonly siteId: string;
};

/** How the last attempt to publish a post ended. PUBLISHED: with a new version. UNCHANGED: its content is the published one. REVOKED: it is public no more. ABSENT: it was not public. FAILED: it could not be read or published; the version before is still delivered. */
export type PublicationResult =
  /** It was not public. */
  | 'ABSENT'
  /** It could not be read or published; the version before is still delivered. */
  | 'FAILED'
  /** With a new version. */
  | 'PUBLISHED'
  /** It is public no more. */
  | 'REVOKED'
  /** Its content is the published one. */
  | 'UNCHANGED';

/** A range of time of at most two years. */
export type RangeInput = {
  /** First moment in it. */
  readonly from: string;
  /** First moment after it. */
  readonly to: string;
};

/** Why a region may lag. SHOWN_LESS: fewer impressions in search results, or a worse position. CLICKED_LESS: fewer clicks per impression. SLOWER, LESS_RELIABLE: than in other countries. READ_LESS: readers stay for a shorter time than before. */
export type ReasonKind =
  /** Fewer clicks per impression. */
  | 'CLICKED_LESS'
  /** Than in other countries. */
  | 'LESS_RELIABLE'
  /** Readers stay for a shorter time than before. */
  | 'READ_LESS'
  /** Fewer impressions in search results, or a worse position. */
  | 'SHOWN_LESS'
  /** Than in other countries. */
  | 'SLOWER';

/** Why a part of a draft is refused. NO_DRAFT: the answer is none. NO_EVIDENCE, UNKNOWN_EVIDENCE: a claim cites nothing, or an id that does not exist. NUMBER, DATE, PRICE, NAME: its evidence does not contain it. FEW_LOCAL_FACTS: fewer than three about the region. DOUBLED_PAGE: as similar as 0.6 to another page apart from names. COPIED: a sentence of another text. LANGUAGE: the wrong one. */
export type RefusalCode =
  /** A sentence of another text. */
  | 'COPIED'
  /** Its evidence does not contain it. */
  | 'DATE'
  /** As similar as 0.6 to another page apart from names. */
  | 'DOUBLED_PAGE'
  /** Fewer than three about the region. */
  | 'FEW_LOCAL_FACTS'
  /** The wrong one. */
  | 'LANGUAGE'
  /** Its evidence does not contain it. */
  | 'NAME'
  /** The answer is none. */
  | 'NO_DRAFT'
  /** A claim cites nothing, or an id that does not exist. */
  | 'NO_EVIDENCE'
  /** Its evidence does not contain it. */
  | 'NUMBER'
  /** Its evidence does not contain it. */
  | 'PRICE'
  /** A claim cites nothing, or an id that does not exist. */
  | 'UNKNOWN_EVIDENCE';

/** TESTED: the regions were tested. TOO_FEW_WEEKS: visits from search engines were counted in too few of the 28 weeks. */
export type RegionsState =
  /** The regions were tested. */
  | 'TESTED'
  /** Visits from search engines were counted in too few of the 28 weeks. */
  | 'TOO_FEW_WEEKS';

/** How often a report is sent. WEEKLY: after each week from Monday. MONTHLY: after each month. Both in the site's time zone. */
export type ReportCadence =
  /** After each month. */
  | 'MONTHLY'
  /** After each week from Monday. */
  | 'WEEKLY';

/** Every given field must match. */
export type ReportFilter = {
  /** The arm of the experiment. */
  readonly arm?: Arm | null | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null | undefined;
  /** The class of the reader's device. */
  readonly device?: Device | null | undefined;
  /** The autonomous system, as in a breakdown. */
  readonly network?: string | null | undefined;
  /** The post's postId. */
  readonly post?: string | null | undefined;
  /** ISO 3166-2. */
  readonly subdivision?: string | null | undefined;
  /** Further conditions, of any dimension. All must match; 30 at most. */
  readonly where?: ReadonlyArray<DimensionFilter> | null | undefined;
};

/** What is wrong with a post. */
export type ReportReason =
  /** It harms people. */
  | 'HARMFUL'
  /** It breaks the law. */
  | 'ILLEGAL'
  /** It misleads its readers. */
  | 'MISLEADING'
  /** Another reason, which the text explains. */
  | 'OTHER'
  /** It is advertising, or made for search engines alone. */
  | 'SPAM'
  /** It was copied from others. */
  | 'STOLEN';

/** The input of reportScheduleAdd. */
export type ReportScheduleAddInput = {
  /** How often it is sent. */
  readonly cadence: ReportCadence;
  /** The channels that get it: one or more. */
  readonly channelIds: ReadonlyArray<string>;
  /** The site's id. */
  readonly siteId: string;
};

/** The input of reportScheduleRemove. */
export type ReportScheduleRemoveInput = {
  /** The schedule's id. */
  readonly scheduleId: string;
};

/** What 10^9 bytes from a site's origin cost. What is left out goes back to its default. */
export type SavingsRatesInput = {
  /** Grams of CO2e, 0 to 1,000,000. @default 27.17 */
  readonly carbonPerGigabyte?: number | null | undefined;
  /** ISO 4217, such as EUR: with a price alone. */
  readonly currency?: string | null | undefined;
  /** 0 to 1,000,000 of the currency. @default unknown */
  readonly pricePerGigabyte?: number | null | undefined;
};

/** The input of searchConsoleChoose. */
export type SearchConsoleChooseInput = {
  /** One of the properties that searchProperties lists. */
  readonly property: string;
  /** The site's id. */
  readonly siteId: string;
};

/** The input of searchConsoleComplete. */
export type SearchConsoleCompleteInput = {
  /** As Google gave it. */
  readonly code: string;
  /** As Google gave it. */
  readonly state: string;
};

/** The input of searchConsoleConnect. */
export type SearchConsoleConnectInput = {
  /** The key file of a service account, as Google gave it (JSON). */
  readonly key: string;
  /** The site's id. */
  readonly siteId: string;
};

/** The input of searchConsoleConsent. */
export type SearchConsoleConsentInput = {
  /** The site's id. */
  readonly siteId: string;
};

/** The input of searchConsoleDisconnect. */
export type SearchConsoleDisconnectInput = {
  /** The site's id. */
  readonly siteId: string;
};

/** How a connection is authorised. OAUTH: by a person's consent. SERVICE_ACCOUNT: by the key of a service account. */
export type SearchCredentialKind =
  /** By a person's consent. */
  | 'OAUTH'
  /** By the key of a service account. */
  | 'SERVICE_ACCOUNT';

/** The input of searchImport. */
export type SearchImportInput = {
  /** The days of the earlier export, if its files do not say. */
  readonly earlierDays?: ExportDaysInput | null | undefined;
  /** The same of the 168 days before. */
  readonly earlierFile: string;
  /** Needed for a table alone: only the zip has its days. */
  readonly recentDays?: ExportDaysInput | null | undefined;
  /** The export of the last 28 days: the zip as it was downloaded, or its table of countries alone; base64. */
  readonly recentFile: string;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
};

/** What Search Console's figures are listed by. QUERY: what people searched. PAGE: the address that was shown. COUNTRY: ISO 3166-1 alpha-2, ZZ if it is not known. DEVICE: desktop, mobile or tablet. */
export type SearchListKind =
  /** ISO 3166-1 alpha-2, ZZ if it is not known. */
  | 'COUNTRY'
  /** Desktop, mobile or tablet. */
  | 'DEVICE'
  /** The address that was shown. */
  | 'PAGE'
  /** What people searched. */
  | 'QUERY';

/** What a list is ordered by, the highest first; of POSITION the lowest. CTR: clicks ÷ impressions. */
export type SearchListOrder =
  /** Clicks, the most first. */
  | 'CLICKS'
  /** Clicks ÷ impressions. */
  | 'CTR'
  /** Impressions, the most first. */
  | 'IMPRESSIONS'
  /** The mean position, the best (lowest) first. */
  | 'POSITION';

/** Why an import does not go on. QUOTA: Google's limit is reached. UNREACHABLE: Google does not answer. REVOKED: connect again. FORBIDDEN: the account may not read the property. UNEXPECTED: an answer that is not documented. */
export type SearchProblem =
  /** The account may not read the property. */
  | 'FORBIDDEN'
  /** Google's limit is reached. */
  | 'QUOTA'
  /** Connect again. */
  | 'REVOKED'
  /** An answer that is not documented. */
  | 'UNEXPECTED'
  /** Google does not answer. */
  | 'UNREACHABLE';

/** The input of searchQueriesImport. */
export type SearchQueriesImportInput = {
  /** YYYY-MM-DD; needed for a table alone. */
  readonly firstDay?: string | null | undefined;
  /** YYYY-MM-DD, included; needed for a table alone. */
  readonly lastDay?: string | null | undefined;
  /** Search Console's export: the zip, or its table of queries alone; base64. */
  readonly queriesFile: string;
  /** The country that the export was filtered by (ISO 3166-1); null if it was not. */
  readonly region?: string | null | undefined;
  /** The site's id. */
  readonly siteId: string;
};

/** SUBTRACTED: the change of the same weeks of the year before was subtracted. UNKNOWN: there are fewer than two years of data, so that a fall may be that of the season. */
export type Season =
  /** The change of the same weeks of the year before was subtracted. */
  | 'SUBTRACTED'
  /** There are fewer than two years of data, so that a fall may be that of the season. */
  | 'UNKNOWN';

/** The input of seedGrantMake. */
export type SeedGrantMakeInput = {
  /** Sent to readers in a UTC day at most, bytes. */
  readonly bytesPerDay: number;
  /** When the grant ends: within a year. */
  readonly expiresAt: string;
  /** Stored assets at most, bytes. */
  readonly maxBytes: number;
  /** The seed's durable key, base64url. */
  readonly seed: string;
  /** The site whose posts the seed may serve. */
  readonly siteId: string;
};

/** The input of seedGrantRevoke. */
export type SeedGrantRevokeInput = {
  /** The grant's id. */
  readonly seedGrantId: string | number;
};

/** Why the offer of a seed ended before its expiry. OWNER: its owner took it back. WRONG_CHUNK: a proof showed that it sent wrong bytes. */
export type SeedRevocation =
  /** Its owner took it back. */
  | 'OWNER'
  /** A proof showed that it sent wrong bytes. */
  | 'WRONG_CHUNK';

/** The input of seedTokensRotate. */
export type SeedTokensRotateInput = {
  /** The site's siteId, or its global id. */
  readonly siteId: string;
};

/** The input of sessionEnd. */
export type SessionEndInput = {
  /** The session, which is one of your own. */
  readonly sessionId: string;
};

/** PAGE: somebody must act now. WARNING: somebody should look in the next days. */
export type Severity =
  /** Somebody must act now. */
  | 'PAGE'
  /** Somebody should look in the next days. */
  | 'WARNING';

/** How a session began. PASSWORD, PASSKEY. PROVIDER: by the identity provider. LINK: by a link of one use. */
export type SignInWay =
  /** By a link of one use. */
  | 'LINK'
  /** By a passkey. */
  | 'PASSKEY'
  /** By a password. */
  | 'PASSWORD'
  /** By the identity provider. */
  | 'PROVIDER';

/** The input of signingKeyRotate. */
export type SigningKeyRotateInput = {
  /** Whether the former keys end at once, because one became known. Pages in caches then load from the origin alone until they have the new key. The default is false. */
  readonly endsFormer?: boolean | null | undefined;
  /** The site's id. */
  readonly siteId: string;
};

/** The input of siteAdd. */
export type SiteAddInput = {
  /** The site's hosts may be private, link-local or loopback addresses. */
  readonly allowPrivateAddresses: boolean;
  /** ASSUMED: readers take part unless they object. NOTICE: a notice informs them first, and they may decline. REQUIRED: readers take part only after they agreed. */
  readonly consent: Consent;
  /** The default is FULL. */
  readonly mode?: Mode | null | undefined;
  /** Further origins from which its media are fetched. */
  readonly origins?: ReadonlyArray<string> | null | undefined;
  /** Its home URL. */
  readonly url: string;
};

/** The input of siteConfigure. */
export type SiteConfigureInput = {
  /** Its name for people. Empty: its host stands for it. */
  readonly name?: string | null | undefined;
  /** All further origins from which its posts and media are fetched. The home URL's stays. Only an administrator adds one to a site whose hosts may be private addresses. */
  readonly origins?: ReadonlyArray<string> | null | undefined;
  /** The rates of savings. All of them replace the former ones. */
  readonly savingsRates?: SavingsRatesInput | null | undefined;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
  /** The time zone of its days, as in the IANA database: Europe/Amsterdam. */
  readonly timeZone?: string | null | undefined;
};

/** The input of sitePolicySet. */
export type SitePolicySetInput = {
  /** What must happen before a reader takes part. */
  readonly consent: Consent;
  /** Which peers may assist readers. */
  readonly mode: Mode;
  /** The site's siteId, or its global id. */
  readonly siteId: string;
};

/** What a member may do with a site. VIEWER: read reports. EDITOR: also publish posts and export views. OWNER: also change the site's settings, members and tokens, and remove it. */
export type SiteRole =
  /** Also publish posts and export views. */
  | 'EDITOR'
  /** Also change the site's settings, members and tokens, and remove it. */
  | 'OWNER'
  /** Read reports. */
  | 'VIEWER';

/** What is wrong. ORIGIN_DOWN: the site does not answer. PROBE_SILENT, BROWSER_PROBE_SILENT: no probe has ended for long. PAGE_BROKEN: the page does not work in a browser. AVAILABILITY, LCP: the budget of the objective burns too fast. */
export type Symptom =
  /** The budget of the objective burns too fast. */
  | 'AVAILABILITY'
  /** No probe has ended for long. */
  | 'BROWSER_PROBE_SILENT'
  /** The budget of the objective burns too fast. */
  | 'LCP'
  /** The site does not answer. */
  | 'ORIGIN_DOWN'
  /** The page does not work in a browser. */
  | 'PAGE_BROKEN'
  /** No probe has ended for long. */
  | 'PROBE_SILENT';

/** The input of tokenCreate. */
export type TokenCreateInput = {
  /** Within a year. Only a SEED needs none. */
  readonly expiresAt?: string | null | undefined;
  /** For people. */
  readonly name: string;
  /** What it permits. */
  readonly scopes: ReadonlyArray<TokenScope>;
  /** The sites in which it holds. */
  readonly siteIds: ReadonlyArray<string>;
};

/** The input of tokenRevoke. */
export type TokenRevokeInput = {
  /** The token's tokenId. */
  readonly tokenId: string;
};

/** What a token permits in its sites. REPORT_READ: reading reports, which every token but that of a seed may. MEASUREMENT_EXPORT: exporting views. POST_PUBLISH: publishing posts. COMMUNITY_SHARE: sharing posts with the community. COMMUNITY_VOTE: voting there. SITE_CONFIGURE: changing settings. SEED: the work of a seed, and nothing else. */
export type TokenScope =
  /** Sharing posts with the community. */
  | 'COMMUNITY_SHARE'
  /** Voting there. */
  | 'COMMUNITY_VOTE'
  /** Exporting views. */
  | 'MEASUREMENT_EXPORT'
  /** Publishing posts. */
  | 'POST_PUBLISH'
  /** Reading reports, which every token but that of a seed may. */
  | 'REPORT_READ'
  /** The work of a seed, and nothing else. */
  | 'SEED'
  /** Changing settings. */
  | 'SITE_CONFIGURE';

/** UPDATE: change the post. MERGE: make one post of it and the other. */
export type UpdateAdvice =
  /** Make one post of it and the other. */
  | 'MERGE'
  /** Change the post. */
  | 'UPDATE';

/** TEXT: notes in words, also as HTML. TABLE: a CSV file; each row is an item of evidence. */
export type UploadKind =
  /** A CSV file; each row is an item of evidence. */
  | 'TABLE'
  /** Notes in words, also as HTML. */
  | 'TEXT';

/** The input of viewRemove. */
export type ViewRemoveInput = {
  /** The view, which is one of your own. */
  readonly savedViewId: string;
  /** The site's id. */
  readonly siteId: string;
};

/** The input of viewSave. */
export type ViewSaveInput = {
  /** 1 to 100 characters. A view of this name is replaced. */
  readonly name: string;
  /** The page and its query within the site's pages, such as regions?range=week. */
  readonly path: string;
  /** The site's id. */
  readonly siteId: string;
};

/** UP, DOWN, or NONE, which withdraws an earlier vote. */
export type VoteValue =
  /** Against the post. */
  | 'DOWN'
  /** Withdraws an earlier vote. */
  | 'NONE'
  /** For the post. */
  | 'UP';

/** The input of webhookSecretRotate. */
export type WebhookSecretRotateInput = {
  /** The site's id. */
  readonly siteId: string;
};

export type AnnotationFragment = { readonly id: string, readonly kind: AnnotationKind, readonly at: string, readonly subject: string | null, readonly text: string | null, readonly mayRemove: boolean };

export type AnnotationAddMutationVariables = Exact<{
  input: AnnotationAddInput;
}>;


export type AnnotationAddMutation = { readonly annotationAdd: { readonly annotation: { readonly id: string, readonly kind: AnnotationKind, readonly at: string, readonly subject: string | null, readonly text: string | null, readonly mayRemove: boolean } | null } };

export type AnnotationRemoveMutationVariables = Exact<{
  input: AnnotationRemoveInput;
}>;


export type AnnotationRemoveMutation = { readonly annotationRemove: { readonly site: { readonly siteId: string } | null } };

export type SiteSavedViewsQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteSavedViewsQuery = { readonly site: { readonly savedViews: ReadonlyArray<{ readonly savedViewId: string, readonly name: string, readonly path: string }> } | null };

export type ViewSaveMutationVariables = Exact<{
  input: ViewSaveInput;
}>;


export type ViewSaveMutation = { readonly viewSave: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type ViewRemoveMutationVariables = Exact<{
  input: ViewRemoveInput;
}>;


export type ViewRemoveMutation = { readonly viewRemove: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type AccountsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type AccountsQuery = { readonly accountsConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly accountId: string, readonly name: string, readonly email: string | null, readonly isAdministrator: boolean, readonly createdAt: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } }, readonly administratorInvitations: ReadonlyArray<{ readonly invitationId: string, readonly email: string, readonly role: SiteRole | null, readonly expiresAt: string }>, readonly me: { readonly accountId: string } | null };

export type AccountSignInResetMutationVariables = Exact<{
  input: AccountSignInResetInput;
}>;


export type AccountSignInResetMutation = { readonly accountSignInReset: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type AdministratorInviteMutationVariables = Exact<{
  input: AdministratorInviteInput;
}>;


export type AdministratorInviteMutation = { readonly administratorInvite: { readonly link: string | null } };

export type SiteAlertsQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteAlertsQuery = { readonly site: { readonly siteId: string, readonly timeZone: string, readonly mayAcknowledge: boolean, readonly objectives: ReadonlyArray<{ readonly kind: ObjectiveKind, readonly target: number, readonly changedAt: string | null, readonly rules: ReadonlyArray<{ readonly burnRate: number, readonly severity: Severity, readonly isReachable: boolean }>, readonly budgets: ReadonlyArray<{ readonly measure: Measure, readonly total: number, readonly failed: number, readonly left: number | null }> }>, readonly probes: ReadonlyArray<{ readonly kind: ProbeKind, readonly lastDay: { readonly probes: number, readonly availability: number | null }, readonly latest: ReadonlyArray<{ readonly url: string, readonly at: string, readonly durationMs: number, readonly failure: { readonly message: string } | null, readonly phases: { readonly queue: number | null, readonly dns: number | null, readonly connect: number | null, readonly tls: number | null, readonly firstByte: number | null, readonly download: number | null } }> }>, readonly incidents: { readonly edges: ReadonlyArray<{ readonly node: { readonly incidentId: string, readonly symptom: Symptom, readonly severity: Severity, readonly summary: string, readonly since: string, readonly openedAt: string, readonly acknowledgedAt: string | null, readonly acknowledgedBy: string | null, readonly resolvedAt: string | null, readonly entries: ReadonlyArray<{ readonly type: IncidentEntryType, readonly at: string, readonly text: string }> } }>, readonly pageInfo: { readonly hasNextPage: boolean } } } | null };

export type SiteChannelsQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteChannelsQuery = { readonly site: { readonly siteId: string, readonly channelKinds: ReadonlyArray<ChannelKind>, readonly channels: ReadonlyArray<{ readonly channelId: string, readonly kind: ChannelKind, readonly target: string, readonly hasDigest: boolean, readonly unsubscribedAt: string | null, readonly state: { readonly pending: number, readonly last: { readonly type: NotificationType, readonly createdAt: string, readonly sentAt: string | null, readonly isPending: boolean, readonly error: string | null } | null } }> } | null };

export type ObjectiveSetMutationVariables = Exact<{
  input: ObjectiveSetInput;
}>;


export type ObjectiveSetMutation = { readonly objectiveSet: { readonly site: { readonly siteId: string } | null } };

export type IncidentAcknowledgeMutationVariables = Exact<{
  input: IncidentAcknowledgeInput;
}>;


export type IncidentAcknowledgeMutation = { readonly incidentAcknowledge: { readonly incident: { readonly incidentId: string } | null } };

export type ChannelAddMutationVariables = Exact<{
  input: ChannelAddInput;
}>;


export type ChannelAddMutation = { readonly channelAdd: { readonly secret: string | null, readonly channel: { readonly channelId: string } | null } };

export type ChannelRemoveMutationVariables = Exact<{
  input: ChannelRemoveInput;
}>;


export type ChannelRemoveMutation = { readonly channelRemove: { readonly wasThere: boolean | null } };

export type ChannelDigestSetMutationVariables = Exact<{
  input: ChannelDigestSetInput;
}>;


export type ChannelDigestSetMutation = { readonly channelDigestSet: { readonly channel: { readonly channelId: string } | null } };

export type ChannelTestMutationVariables = Exact<{
  input: ChannelTestInput;
}>;


export type ChannelTestMutation = { readonly channelTest: { readonly channel: { readonly channelId: string } | null } };

export type SiteAddMutationVariables = Exact<{
  input: SiteAddInput;
}>;


export type SiteAddMutation = { readonly siteAdd: { readonly site: { readonly siteId: string } | null } };

export type AllSitesQueryVariables = Exact<{
  after?: string | null | undefined;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
}>;


export type AllSitesQuery = { readonly sites: { readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly node: { readonly siteId: string, readonly url: string, readonly name: string, readonly disconnectedAt: string | null, readonly report: { readonly sections: { readonly totals: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } | null } } } }> } };

export type CommunityQueryVariables = Exact<{
  siteId: string;
}>;


export type CommunityQuery = { readonly site: { readonly membership: { readonly domain: string, readonly method: string, readonly joinedAt: string, readonly provenAt: string, readonly expiresAt: string, readonly problem: string | null, readonly trust: number, readonly isBanned: boolean, readonly member: { readonly host: string, readonly name: string, readonly isPunycode: boolean, readonly lookAlikes: ReadonlyArray<string> }, readonly ban: { readonly isBanned: boolean, readonly reason: string | null, readonly decidedAt: string | null, readonly appeal: string | null, readonly appealedAt: string | null } | null } | null, readonly posts: { readonly edges: ReadonlyArray<{ readonly node: { readonly postId: string, readonly url: string, readonly revoked: boolean } }> }, readonly sharedPosts: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly submissionId: string, readonly title: string, readonly url: string, readonly isShown: boolean, readonly score: { readonly upVotes: number, readonly downVotes: number, readonly upWeight: number, readonly quality: number, readonly factor: number, readonly hot: number }, readonly reasons: ReadonlyArray<{ readonly host: string, readonly reason: string }> | null } }> } } | null, readonly feed: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly submissionId: string, readonly title: string, readonly summary: string, readonly url: string, readonly language: string | null, readonly sharedAt: string, readonly member: { readonly host: string, readonly name: string }, readonly score: { readonly upVotes: number, readonly downVotes: number, readonly upWeight: number, readonly quality: number, readonly hot: number } } }> } };

export type CommunityProofFileQueryVariables = Exact<{
  siteId: string;
}>;


export type CommunityProofFileQuery = { readonly site: { readonly membershipProofFile: string | null } | null };

export type MembershipFragment = { readonly domain: string, readonly method: string, readonly joinedAt: string, readonly provenAt: string, readonly expiresAt: string, readonly problem: string | null, readonly trust: number, readonly isBanned: boolean, readonly member: { readonly host: string, readonly name: string, readonly isPunycode: boolean, readonly lookAlikes: ReadonlyArray<string> }, readonly ban: { readonly isBanned: boolean, readonly reason: string | null, readonly decidedAt: string | null, readonly appeal: string | null, readonly appealedAt: string | null } | null };

export type FeedPostFragment = { readonly id: string, readonly submissionId: string, readonly title: string, readonly summary: string, readonly url: string, readonly language: string | null, readonly sharedAt: string, readonly member: { readonly host: string, readonly name: string }, readonly score: { readonly upVotes: number, readonly downVotes: number, readonly upWeight: number, readonly quality: number, readonly hot: number } };

export type OwnPostFragment = { readonly id: string, readonly submissionId: string, readonly title: string, readonly url: string, readonly isShown: boolean, readonly score: { readonly upVotes: number, readonly downVotes: number, readonly upWeight: number, readonly quality: number, readonly factor: number, readonly hot: number }, readonly reasons: ReadonlyArray<{ readonly host: string, readonly reason: string }> | null };

export type CommunityJoinMutationVariables = Exact<{
  input: CommunityJoinInput;
}>;


export type CommunityJoinMutation = { readonly communityJoin: { readonly site: { readonly id: string } | null } };

export type CommunityBanAppealMutationVariables = Exact<{
  input: CommunityBanAppealInput;
}>;


export type CommunityBanAppealMutation = { readonly communityBanAppeal: { readonly ban: { readonly host: string } | null } };

export type CommunityLeaveMutationVariables = Exact<{
  input: CommunityLeaveInput;
}>;


export type CommunityLeaveMutation = { readonly communityLeave: { readonly site: { readonly id: string } | null } };

export type PostShareMutationVariables = Exact<{
  input: PostShareInput;
}>;


export type PostShareMutation = { readonly postShare: { readonly sharedPost: { readonly id: string } | null } };

export type PostVoteMutationVariables = Exact<{
  input: PostVoteInput;
}>;


export type PostVoteMutation = { readonly postVote: { readonly sharedPost: { readonly id: string } | null } };

export type SiteConnectorsQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteConnectorsQuery = { readonly site: { readonly connectors: ReadonlyArray<{ readonly connectorId: string, readonly kind: ConnectorKind, readonly url: string | null, readonly path: string | null, readonly everyMinutes: number | null, readonly polledAt: string | null, readonly succeededAt: string | null, readonly receivedAt: string | null, readonly dueAt: string | null, readonly error: string | null, readonly failures: number, readonly named: number | null, readonly requested: number | null, readonly problems: ReadonlyArray<string>, readonly pages: ReadonlyArray<{ readonly postId: string, readonly url: string, readonly requestedAt: string, readonly result: ConnectorPageResult | null, readonly message: string | null }> }> } | null };

export type ConnectorSetMutationVariables = Exact<{
  input: ConnectorSetInput;
}>;


export type ConnectorSetMutation = { readonly connectorSet: { readonly secret: string | null, readonly connector: { readonly connectorId: string, readonly path: string | null } | null } };

export type ConnectorRemoveMutationVariables = Exact<{
  input: ConnectorRemoveInput;
}>;


export type ConnectorRemoveMutation = { readonly connectorRemove: { readonly wasKnown: boolean | null } };

export type DeliveryQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  filter?: ReportFilter | null | undefined;
  interval: Interval;
  base: RangeInput;
  hasBase: boolean;
}>;


export type DeliveryQuery = { readonly site: { readonly report: { readonly to: string, readonly annotations: ReadonlyArray<{ readonly id: string, readonly kind: AnnotationKind, readonly at: string, readonly subject: string | null, readonly text: string | null, readonly mayRemove: boolean }>, readonly compare?: { readonly changes: ReadonlyArray<{ readonly metric: MetricName, readonly value: number | null, readonly baseline: number | null, readonly ratio: number | null, readonly enough: boolean, readonly conclusive: boolean, readonly interval: { readonly low: number, readonly high: number } | null }> } | null, readonly sections: { readonly totals: { readonly views: number, readonly delivery: { readonly peerHitRatio: number | null, readonly residualOriginLoad: number | null, readonly bytesSaved: number | null, readonly uploaded: number, readonly fairness: number | null, readonly connectedRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number }, readonly savings: { readonly money: number | null, readonly currency: string | null, readonly carbonGrams: number } | null }, readonly reliability: { readonly assetSuccessRatio: number | null, readonly fallbackRatio: number | null, readonly stallRatio: number | null, readonly stalls: number, readonly wrongBytes: number, readonly rejectedChunks: number, readonly droppedPeers: number } } | null, readonly series: ReadonlyArray<{ readonly start: string, readonly metrics: { readonly delivery: { readonly residualOriginLoad: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } } } }> | null, readonly experiment: { readonly assisted: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } }, readonly control: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly baselineSamples: number, readonly enough: boolean, readonly conclusive: boolean } | null, readonly load: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly baselineSamples: number, readonly enough: boolean, readonly conclusive: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly baselineSamples: number, readonly enough: boolean, readonly conclusive: boolean } | null } } | null, readonly networks: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null } } } | null };

export type DeliveryTotalsFragment = { readonly views: number, readonly delivery: { readonly peerHitRatio: number | null, readonly residualOriginLoad: number | null, readonly bytesSaved: number | null, readonly uploaded: number, readonly fairness: number | null, readonly connectedRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number }, readonly savings: { readonly money: number | null, readonly currency: string | null, readonly carbonGrams: number } | null }, readonly reliability: { readonly assetSuccessRatio: number | null, readonly fallbackRatio: number | null, readonly stallRatio: number | null, readonly stalls: number, readonly wrongBytes: number, readonly rejectedChunks: number, readonly droppedPeers: number } };

export type ExperimentFragment = { readonly assisted: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } }, readonly control: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly baselineSamples: number, readonly enough: boolean, readonly conclusive: boolean } | null, readonly load: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly baselineSamples: number, readonly enough: boolean, readonly conclusive: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly baselineSamples: number, readonly enough: boolean, readonly conclusive: boolean } | null } };

export type DifferenceFragment = { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly baselineSamples: number, readonly enough: boolean, readonly conclusive: boolean };

export type FindingsQueryVariables = Exact<{
  siteId: string;
}>;


export type FindingsQuery = { readonly site: { readonly regions: { readonly analysedAt: string, readonly state: RegionsState, readonly weeks: number } | null, readonly findings: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly title: string, readonly sentence: string, readonly action: string, readonly link: string, readonly samples: number, readonly minSamples: number, readonly firstFoundAt: string, readonly dismissedAt: string | null, readonly reasons: ReadonlyArray<{ readonly kind: ReasonKind, readonly sentence: string }> } }> }, readonly dismissed: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly title: string, readonly sentence: string, readonly action: string, readonly link: string, readonly samples: number, readonly minSamples: number, readonly firstFoundAt: string, readonly dismissedAt: string | null, readonly reasons: ReadonlyArray<{ readonly kind: ReasonKind, readonly sentence: string }> } }> } } | null };

export type FindingFragment = { readonly id: string, readonly title: string, readonly sentence: string, readonly action: string, readonly link: string, readonly samples: number, readonly minSamples: number, readonly firstFoundAt: string, readonly dismissedAt: string | null, readonly reasons: ReadonlyArray<{ readonly kind: ReasonKind, readonly sentence: string }> };

export type FindingDismissMutationVariables = Exact<{
  input: FindingDismissInput;
}>;


export type FindingDismissMutation = { readonly findingDismiss: { readonly finding: { readonly id: string } | null } };

export type LoggedEventFragment = { readonly at: string, readonly actor: string, readonly actorName: string | null, readonly action: string, readonly siteId: string | null, readonly subject: string | null, readonly subjectName: string | null };

export type SiteLogQueryVariables = Exact<{
  siteId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type SiteLogQuery = { readonly site: { readonly auditEventsConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly at: string, readonly actor: string, readonly actorName: string | null, readonly action: string, readonly siteId: string | null, readonly subject: string | null, readonly subjectName: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type InstallationLogQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type InstallationLogQuery = { readonly auditEventsConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly at: string, readonly actor: string, readonly actorName: string | null, readonly action: string, readonly siteId: string | null, readonly subject: string | null, readonly subjectName: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ModerationQueryVariables = Exact<{
  decided: boolean;
}>;


export type ModerationQuery = { readonly moderationQueue: { readonly edges: ReadonlyArray<{ readonly node: { readonly submissionId: string, readonly title: string | null, readonly url: string | null, readonly host: string | null, readonly isHidden: boolean, readonly isOpen: boolean, readonly mayAppeal: boolean, readonly events: { readonly edges: ReadonlyArray<{ readonly node: { readonly row: number, readonly at: string, readonly kind: ModerationEventKind, readonly action: ModerationAction | null, readonly reason: string | null, readonly text: string | null, readonly by: string | null } }> } } }> }, readonly communityBans: { readonly edges: ReadonlyArray<{ readonly node: { readonly host: string, readonly reason: string | null, readonly decidedAt: string | null, readonly appeal: string | null, readonly appealedAt: string | null } }> } };

export type CommunityBanFragment = { readonly host: string, readonly reason: string | null, readonly decidedAt: string | null, readonly appeal: string | null, readonly appealedAt: string | null };

export type CommunityBanMutationVariables = Exact<{
  input: CommunityBanInput;
}>;


export type CommunityBanMutation = { readonly communityBan: { readonly ban: { readonly host: string } | null } };

export type CommunityUnbanMutationVariables = Exact<{
  input: CommunityUnbanInput;
}>;


export type CommunityUnbanMutation = { readonly communityUnban: { readonly ban: { readonly host: string } | null } };

export type OpenCasesQueryVariables = Exact<{ [key: string]: never; }>;


export type OpenCasesQuery = { readonly moderationQueue: { readonly edges: ReadonlyArray<{ readonly node: { readonly submissionId: string } }> }, readonly communityBans: { readonly edges: ReadonlyArray<{ readonly node: { readonly isOpen: boolean } }> } };

export type SiteCasesQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteCasesQuery = { readonly site: { readonly moderation: { readonly edges: ReadonlyArray<{ readonly node: { readonly submissionId: string, readonly title: string | null, readonly url: string | null, readonly host: string | null, readonly isHidden: boolean, readonly isOpen: boolean, readonly mayAppeal: boolean, readonly events: { readonly edges: ReadonlyArray<{ readonly node: { readonly row: number, readonly at: string, readonly kind: ModerationEventKind, readonly action: ModerationAction | null, readonly reason: string | null, readonly text: string | null, readonly by: string | null } }> } } }> } } | null };

export type ModerationCaseFragment = { readonly submissionId: string, readonly title: string | null, readonly url: string | null, readonly host: string | null, readonly isHidden: boolean, readonly isOpen: boolean, readonly mayAppeal: boolean, readonly events: { readonly edges: ReadonlyArray<{ readonly node: { readonly row: number, readonly at: string, readonly kind: ModerationEventKind, readonly action: ModerationAction | null, readonly reason: string | null, readonly text: string | null, readonly by: string | null } }> } };

export type ModerationDecideMutationVariables = Exact<{
  input: ModerationDecideInput;
}>;


export type ModerationDecideMutation = { readonly moderationDecide: { readonly case: { readonly submissionId: string } | null } };

export type ModerationAppealMutationVariables = Exact<{
  input: ModerationAppealInput;
}>;


export type ModerationAppealMutation = { readonly moderationAppeal: { readonly case: { readonly submissionId: string } | null } };

export type PostReportMutationVariables = Exact<{
  input: PostReportInput;
}>;


export type PostReportMutation = { readonly postReport: { readonly case: { readonly submissionId: string } | null } };

export type OverviewQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  filter?: ReportFilter | null | undefined;
  interval: Interval;
  base: RangeInput;
  hasBase: boolean;
}>;


export type OverviewQuery = { readonly site: { readonly siteId: string, readonly url: string, readonly name: string, readonly timeZone: string, readonly disconnectedAt: string | null, readonly mayConfigure: boolean, readonly mayReadEvidence: boolean, readonly mayWrite: boolean, readonly latest: { readonly edges: ReadonlyArray<{ readonly node: { readonly postId: string } }> }, readonly named: { readonly edges: ReadonlyArray<{ readonly node: { readonly postId: string, readonly url: string, readonly title: string | null } }> }, readonly findings: { readonly edges: ReadonlyArray<{ readonly node: { readonly country: string | null, readonly id: string, readonly title: string, readonly sentence: string, readonly action: string, readonly link: string, readonly samples: number, readonly minSamples: number, readonly firstFoundAt: string, readonly dismissedAt: string | null, readonly reasons: ReadonlyArray<{ readonly kind: ReasonKind, readonly sentence: string }> } }> }, readonly recent: { readonly sections: { readonly totals: { readonly views: number, readonly delivery: { readonly bytesSaved: number | null } } | null } }, readonly report: { readonly to: string, readonly annotations: ReadonlyArray<{ readonly id: string, readonly kind: AnnotationKind, readonly at: string, readonly subject: string | null, readonly text: string | null, readonly mayRemove: boolean }>, readonly compare?: { readonly changes: ReadonlyArray<{ readonly metric: MetricName, readonly value: number | null, readonly baseline: number | null, readonly ratio: number | null, readonly enough: boolean, readonly conclusive: boolean, readonly interval: { readonly low: number, readonly high: number } | null }> } | null, readonly sections: { readonly totals: { readonly views: number, readonly reliability: { readonly viewSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly residualOriginLoad: number | null }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } | null, readonly series: ReadonlyArray<{ readonly start: string, readonly metrics: { readonly views: number, readonly reliability: { readonly viewSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly residualOriginLoad: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number } | null } } }> | null, readonly countries: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly posts: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null } } } | null, readonly sites: { readonly edges: ReadonlyArray<{ readonly node: { readonly siteId: string, readonly name: string } }> } };

export type MainFiguresFragment = { readonly views: number, readonly reliability: { readonly viewSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly residualOriginLoad: number | null }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } };

export type TrendsFragment = { readonly views: number, readonly reliability: { readonly viewSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly residualOriginLoad: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number } | null } };

export type PostsQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  byMetric: boolean;
  search?: string | null | undefined;
  orderBy: PostOrder;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  metric: MetricName;
  direction: OrderDirection;
  rows: number;
  rowsAfter?: string | null | undefined;
}>;


export type PostsQuery = { readonly site: { readonly posts?: { readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly node: { readonly postId: string, readonly url: string, readonly title: string | null, readonly version: number, readonly revoked: boolean, readonly publishedAt: string } }> }, readonly report: { readonly rows?: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly value: number | null, readonly node: { readonly values: ReadonlyArray<{ readonly key: string | null }>, readonly node: { readonly postId: string, readonly url: string, readonly title: string | null, readonly version: number, readonly revoked: boolean, readonly publishedAt: string } | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } } }> } | null, readonly sections: { readonly posts?: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null } } } | null };

export type ListedPostFragment = { readonly postId: string, readonly url: string, readonly title: string | null, readonly version: number, readonly revoked: boolean, readonly publishedAt: string };

export type PostPageQueryVariables = Exact<{
  siteId: string;
  postId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  interval: Interval;
}>;


export type PostPageQuery = { readonly site: { readonly post: { readonly postId: string, readonly url: string, readonly title: string | null, readonly version: number, readonly revoked: boolean, readonly publishedAt: string, readonly receipt: { readonly result: PublicationResult, readonly at: string, readonly code: string | null, readonly message: string | null, readonly leftOut: ReadonlyArray<{ readonly reason: string, readonly url: string | null, readonly count: number }> | null } | null, readonly publications: ReadonlyArray<{ readonly id: string, readonly kind: AnnotationKind, readonly at: string, readonly subject: string | null, readonly text: string | null, readonly mayRemove: boolean }>, readonly assets: ReadonlyArray<{ readonly assetId: string, readonly url: string, readonly type: string, readonly size: number }>, readonly sharedPost: { readonly title: string, readonly sharedAt: string, readonly isShown: boolean, readonly score: { readonly upVotes: number, readonly downVotes: number }, readonly reasons: ReadonlyArray<{ readonly host: string, readonly reason: string }> | null } | null, readonly report: { readonly to: string, readonly sections: { readonly totals: { readonly views: number, readonly reliability: { readonly viewSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly residualOriginLoad: number | null }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } | null, readonly series: ReadonlyArray<{ readonly start: string, readonly metrics: { readonly views: number, readonly reliability: { readonly viewSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly residualOriginLoad: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number } | null } } }> | null, readonly countries: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly referrers: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null } } } | null } | null };

export type LaggingRegionsFragment = { readonly regions: { readonly state: RegionsState, readonly season: Season, readonly weeks: number, readonly regions: ReadonlyArray<{ readonly country: string, readonly visitsRatio: number | null, readonly recent: { readonly weekly: number, readonly share: number }, readonly earlier: { readonly weekly: number, readonly share: number }, readonly test: { readonly oddsRatio: number, readonly adjustedPValue: number } | null, readonly reasons: ReadonlyArray<{ readonly kind: ReasonKind, readonly sentence: string }> }>, readonly subdivisions: ReadonlyArray<{ readonly subdivision: string, readonly lags: boolean | null, readonly samples: number, readonly recent: { readonly weekly: number, readonly share: number }, readonly earlier: { readonly weekly: number, readonly share: number }, readonly test: { readonly oddsRatio: number, readonly adjustedPValue: number } | null }> } | null };

export type SubdivisionFragment = { readonly subdivision: string, readonly lags: boolean | null, readonly samples: number, readonly recent: { readonly weekly: number, readonly share: number }, readonly earlier: { readonly weekly: number, readonly share: number }, readonly test: { readonly oddsRatio: number, readonly adjustedPValue: number } | null };

export type RegionsQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  filter?: ReportFilter | null | undefined;
}>;


export type RegionsQuery = { readonly site: { readonly report: { readonly sections: { readonly countries: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly networks: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null } }, readonly regions: { readonly state: RegionsState, readonly season: Season, readonly weeks: number, readonly regions: ReadonlyArray<{ readonly country: string, readonly visitsRatio: number | null, readonly recent: { readonly weekly: number, readonly share: number }, readonly earlier: { readonly weekly: number, readonly share: number }, readonly test: { readonly oddsRatio: number, readonly adjustedPValue: number } | null, readonly reasons: ReadonlyArray<{ readonly kind: ReasonKind, readonly sentence: string }> }>, readonly subdivisions: ReadonlyArray<{ readonly subdivision: string, readonly lags: boolean | null, readonly samples: number, readonly recent: { readonly weekly: number, readonly share: number }, readonly earlier: { readonly weekly: number, readonly share: number }, readonly test: { readonly oddsRatio: number, readonly adjustedPValue: number } | null }> } | null } | null };

export type SubdivisionsQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  filter?: ReportFilter | null | undefined;
}>;


export type SubdivisionsQuery = { readonly site: { readonly report: { readonly sections: { readonly subdivisions: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly networks: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null } }, readonly regions: { readonly state: RegionsState, readonly season: Season, readonly weeks: number, readonly regions: ReadonlyArray<{ readonly country: string, readonly visitsRatio: number | null, readonly recent: { readonly weekly: number, readonly share: number }, readonly earlier: { readonly weekly: number, readonly share: number }, readonly test: { readonly oddsRatio: number, readonly adjustedPValue: number } | null, readonly reasons: ReadonlyArray<{ readonly kind: ReasonKind, readonly sentence: string }> }>, readonly subdivisions: ReadonlyArray<{ readonly subdivision: string, readonly lags: boolean | null, readonly samples: number, readonly recent: { readonly weekly: number, readonly share: number }, readonly earlier: { readonly weekly: number, readonly share: number }, readonly test: { readonly oddsRatio: number, readonly adjustedPValue: number } | null }> } | null } | null };

export type SearchPerformanceQueryVariables = Exact<{
  siteId: string;
  by: SearchListKind;
  orderBy: SearchListOrder;
  first: number;
  after?: string | null | undefined;
  firstDay?: string | null | undefined;
  lastDay?: string | null | undefined;
}>;


export type SearchPerformanceQuery = { readonly site: { readonly searchPerformance: { readonly firstDay: string, readonly lastDay: string, readonly list: { readonly listed: { readonly clicks: number, readonly impressions: number } | null, readonly page: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly rows: ReadonlyArray<{ readonly key: string, readonly clicks: number, readonly impressions: number, readonly ctr: number | null, readonly position: number | null }> } }, readonly total: { readonly clicks: number, readonly impressions: number, readonly ctr: number | null, readonly position: number | null, readonly days: number } | null } | null } | null };

export type SearchTotalsFragment = { readonly firstDay: string, readonly lastDay: string, readonly total: { readonly clicks: number, readonly impressions: number, readonly ctr: number | null, readonly position: number | null, readonly days: number } | null };

export type SearchListedFragment = { readonly listed: { readonly clicks: number, readonly impressions: number } | null, readonly page: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly rows: ReadonlyArray<{ readonly key: string, readonly clicks: number, readonly impressions: number, readonly ctr: number | null, readonly position: number | null }> } };

export type SearchRowFragment = { readonly key: string, readonly clicks: number, readonly impressions: number, readonly ctr: number | null, readonly position: number | null };

export type LanguageFragment = { readonly language: string | null, readonly recent: { readonly clicks: number, readonly impressions: number }, readonly earlier: { readonly clicks: number, readonly impressions: number } };

export type SearchImportMutationVariables = Exact<{
  input: SearchImportInput;
}>;


export type SearchImportMutation = { readonly searchImport: { readonly recent: { readonly firstDay: string, readonly lastDay: string, readonly countries: number, readonly unknownNames: ReadonlyArray<string> } | null, readonly earlier: { readonly firstDay: string, readonly lastDay: string, readonly countries: number, readonly unknownNames: ReadonlyArray<string> } | null } };

export type ImportedExportFragment = { readonly firstDay: string, readonly lastDay: string, readonly countries: number, readonly unknownNames: ReadonlyArray<string> };

export type SearchQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
}>;


export type SearchQuery = { readonly site: { readonly searchConsole: { readonly problem: SearchProblem | null, readonly detail: string | null } | null, readonly regions: { readonly languages: ReadonlyArray<{ readonly language: string | null, readonly recent: { readonly clicks: number, readonly impressions: number }, readonly earlier: { readonly clicks: number, readonly impressions: number } }> } | null, readonly searchPerformance: { readonly firstDay: string, readonly lastDay: string, readonly list: { readonly listed: { readonly clicks: number, readonly impressions: number } | null, readonly page: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly rows: ReadonlyArray<{ readonly key: string, readonly clicks: number, readonly impressions: number, readonly ctr: number | null, readonly position: number | null }> } }, readonly total: { readonly clicks: number, readonly impressions: number, readonly ctr: number | null, readonly position: number | null, readonly days: number } | null } | null, readonly report: { readonly search: { readonly landingPages: ReadonlyArray<{ readonly key: string | null, readonly visits: number, readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly scrollDepth: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly sessions: { readonly bounceRatio: number | null } }> | null }, readonly sections: { readonly classes: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly engines: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly assistants: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null } } } | null };

export type LandingPagesQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  filter: ReportFilter;
  after?: string | null | undefined;
}>;


export type LandingPagesQuery = { readonly site: { readonly report: { readonly rows: { readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly values: ReadonlyArray<{ readonly key: string | null }>, readonly metrics: { readonly views: number, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly scrollDepth: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } }, readonly sessions: { readonly bounceRatio: number | null } | null }> } | null } } | null };

export type LandingPageFragment = { readonly key: string | null, readonly visits: number, readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly scrollDepth: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly sessions: { readonly bounceRatio: number | null } };

export type SeedsQueryVariables = Exact<{
  siteId: string;
}>;


export type SeedsQuery = { readonly site: { readonly seedCredit: number, readonly seedsGave: { readonly edges: ReadonlyArray<{ readonly node: { readonly day: string, readonly seed: string, readonly giver: string, readonly receiver: string, readonly country: string, readonly bytes: number, readonly networks: number } }> }, readonly seedsReceived: { readonly edges: ReadonlyArray<{ readonly node: { readonly day: string, readonly seed: string, readonly giver: string, readonly receiver: string, readonly country: string, readonly bytes: number, readonly networks: number } }> }, readonly ownSeeds: { readonly edges: ReadonlyArray<{ readonly node: { readonly seed: string, readonly owner: string, readonly country: string, readonly maxBytes: number, readonly bytesPerDay: number, readonly expiresAt: string, readonly seenAt: string | null, readonly revokedAt: string | null, readonly revokedReason: SeedRevocation | null } }> }, readonly offeredSeeds: { readonly edges: ReadonlyArray<{ readonly node: { readonly seed: string, readonly owner: string, readonly country: string, readonly maxBytes: number, readonly bytesPerDay: number, readonly expiresAt: string, readonly seenAt: string | null, readonly revokedAt: string | null, readonly revokedReason: SeedRevocation | null } }> }, readonly seedGrants: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly seed: string, readonly maxBytes: number, readonly bytesPerDay: number, readonly expiresAt: string, readonly revokedAt: string | null, readonly offer: { readonly owner: string, readonly country: string } | null } }> } } | null };

export type SeedFragment = { readonly seed: string, readonly owner: string, readonly country: string, readonly maxBytes: number, readonly bytesPerDay: number, readonly expiresAt: string, readonly seenAt: string | null, readonly revokedAt: string | null, readonly revokedReason: SeedRevocation | null };

export type LentDayFragment = { readonly day: string, readonly seed: string, readonly giver: string, readonly receiver: string, readonly country: string, readonly bytes: number, readonly networks: number };

export type SeedGrantMakeMutationVariables = Exact<{
  input: SeedGrantMakeInput;
}>;


export type SeedGrantMakeMutation = { readonly seedGrantMake: { readonly grant: { readonly id: string } | null } };

export type SeedGrantRevokeMutationVariables = Exact<{
  input: SeedGrantRevokeInput;
}>;


export type SeedGrantRevokeMutation = { readonly seedGrantRevoke: { readonly site: { readonly id: string } | null } };

export type SiteKeysQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteKeysQuery = { readonly site: { readonly publicKey: string, readonly formerKeysUntil: string | null } | null };

export type SigningKeyRotateMutationVariables = Exact<{
  input: SigningKeyRotateInput;
}>;


export type SigningKeyRotateMutation = { readonly signingKeyRotate: { readonly site: { readonly siteId: string } | null } };

export type WebhookSecretRotateMutationVariables = Exact<{
  input: WebhookSecretRotateInput;
}>;


export type WebhookSecretRotateMutation = { readonly webhookSecretRotate: { readonly secret: string | null } };

export type SiteMembersQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteMembersQuery = { readonly site: { readonly membersConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly role: SiteRole, readonly since: string, readonly account: { readonly accountId: string, readonly email: string | null, readonly name: string } } }>, readonly pageInfo: { readonly hasNextPage: boolean } }, readonly invitations: ReadonlyArray<{ readonly invitationId: string, readonly email: string, readonly role: SiteRole | null, readonly expiresAt: string }> } | null };

export type MemberInviteMutationVariables = Exact<{
  input: MemberInviteInput;
}>;


export type MemberInviteMutation = { readonly memberInvite: { readonly link: string | null, readonly isMailed: boolean | null } };

export type InvitationRevokeMutationVariables = Exact<{
  input: InvitationRevokeInput;
}>;


export type InvitationRevokeMutation = { readonly invitationRevoke: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type MemberRoleSetMutationVariables = Exact<{
  input: MemberRoleSetInput;
}>;


export type MemberRoleSetMutation = { readonly memberRoleSet: { readonly member: { readonly role: SiteRole } | null } };

export type MemberRemoveMutationVariables = Exact<{
  input: MemberRemoveInput;
}>;


export type MemberRemoveMutation = { readonly memberRemove: { readonly wasMember: boolean | null } };

export type SitePublicReportQueryVariables = Exact<{
  siteId: string;
}>;


export type SitePublicReportQuery = { readonly site: { readonly publicReport: { readonly path: string, readonly createdAt: string } | null } | null };

export type PublicReportPublishMutationVariables = Exact<{
  input: PublicReportPublishInput;
}>;


export type PublicReportPublishMutation = { readonly publicReportPublish: { readonly publicReport: { readonly path: string } | null } };

export type PublicReportRevokeMutationVariables = Exact<{
  input: PublicReportRevokeInput;
}>;


export type PublicReportRevokeMutation = { readonly publicReportRevoke: { readonly wasPublic: boolean | null } };

export type ReportSchedulesQueryVariables = Exact<{
  siteId: string;
}>;


export type ReportSchedulesQuery = { readonly site: { readonly channels: ReadonlyArray<{ readonly channelId: string, readonly kind: ChannelKind, readonly target: string }>, readonly reportSchedules: ReadonlyArray<{ readonly scheduleId: string, readonly cadence: ReportCadence, readonly lastPeriod: string, readonly channels: ReadonlyArray<{ readonly channelId: string, readonly kind: ChannelKind, readonly target: string, readonly unsubscribedAt: string | null }> }> } | null };

export type ReportScheduleAddMutationVariables = Exact<{
  input: ReportScheduleAddInput;
}>;


export type ReportScheduleAddMutation = { readonly reportScheduleAdd: { readonly schedule: { readonly scheduleId: string } | null } };

export type ReportScheduleRemoveMutationVariables = Exact<{
  input: ReportScheduleRemoveInput;
}>;


export type ReportScheduleRemoveMutation = { readonly reportScheduleRemove: { readonly wasThere: boolean | null } };

export type SearchConsoleQueryVariables = Exact<{
  siteId: string;
}>;


export type SearchConsoleQuery = { readonly site: { readonly canConsent: boolean, readonly searchConsole: { readonly kind: SearchCredentialKind, readonly account: string | null, readonly property: string | null, readonly connectedAt: string, readonly importedAt: string | null, readonly problem: SearchProblem | null, readonly detail: string | null, readonly resumeAt: string | null, readonly progress: { readonly days: number, readonly firstDay: string | null, readonly lastDay: string | null } } | null } | null };

export type SearchPropertiesQueryVariables = Exact<{
  siteId: string;
}>;


export type SearchPropertiesQuery = { readonly site: { readonly searchProperties: ReadonlyArray<string> } | null };

export type SearchConsoleConsentMutationVariables = Exact<{
  input: SearchConsoleConsentInput;
}>;


export type SearchConsoleConsentMutation = { readonly searchConsoleConsent: { readonly url: string | null } };

export type SearchConsoleCompleteMutationVariables = Exact<{
  input: SearchConsoleCompleteInput;
}>;


export type SearchConsoleCompleteMutation = { readonly searchConsoleComplete: { readonly site: { readonly siteId: string } | null } };

export type SearchConsoleConnectMutationVariables = Exact<{
  input: SearchConsoleConnectInput;
}>;


export type SearchConsoleConnectMutation = { readonly searchConsoleConnect: { readonly site: { readonly siteId: string } | null } };

export type SearchConsoleChooseMutationVariables = Exact<{
  input: SearchConsoleChooseInput;
}>;


export type SearchConsoleChooseMutation = { readonly searchConsoleChoose: { readonly site: { readonly siteId: string } | null } };

export type SearchConsoleDisconnectMutationVariables = Exact<{
  input: SearchConsoleDisconnectInput;
}>;


export type SearchConsoleDisconnectMutation = { readonly searchConsoleDisconnect: { readonly wasThere: boolean | null } };

export type SiteSettingsQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteSettingsQuery = { readonly site: { readonly siteId: string, readonly url: string, readonly name: string, readonly timeZone: string, readonly origins: ReadonlyArray<string>, readonly mode: Mode, readonly consent: Consent, readonly mayConfigure: boolean, readonly savingsRates: { readonly pricePerGigabyte: number | null, readonly currency: string | null, readonly carbonPerGigabyte: number, readonly isDefaultCarbon: boolean } } | null };

export type SiteConfigureMutationVariables = Exact<{
  input: SiteConfigureInput;
}>;


export type SiteConfigureMutation = { readonly siteConfigure: { readonly site: { readonly siteId: string } | null } };

export type SitePolicySetMutationVariables = Exact<{
  input: SitePolicySetInput;
}>;


export type SitePolicySetMutation = { readonly sitePolicySet: { readonly site: { readonly siteId: string } | null } };

export type SiteTokensQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteTokensQuery = { readonly site: { readonly tokensConnection: { readonly edges: ReadonlyArray<{ readonly node: { readonly tokenId: string, readonly name: string, readonly scopes: ReadonlyArray<TokenScope>, readonly createdAt: string, readonly expiresAt: string | null, readonly usedAt: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean } } } | null };

export type TokenCreateMutationVariables = Exact<{
  input: TokenCreateInput;
}>;


export type TokenCreateMutation = { readonly tokenCreate: { readonly secret: string | null } };

export type TokenRevokeMutationVariables = Exact<{
  input: TokenRevokeInput;
}>;


export type TokenRevokeMutation = { readonly tokenRevoke: { readonly wasValid: boolean | null } };

export type SeedTokensRotateMutationVariables = Exact<{
  input: SeedTokensRotateInput;
}>;


export type SeedTokensRotateMutation = { readonly seedTokensRotate: { readonly secret: string | null } };

export type SiteFrameQueryVariables = Exact<{
  siteId: string;
}>;


export type SiteFrameQuery = { readonly site: { readonly siteId: string, readonly url: string, readonly name: string, readonly timeZone: string, readonly disconnectedAt: string | null, readonly mayConfigure: boolean, readonly mayReadEvidence: boolean, readonly mayWrite: boolean } | null, readonly sites: { readonly edges: ReadonlyArray<{ readonly node: { readonly siteId: string, readonly name: string } }> } };

export type SiteSummaryFragment = { readonly siteId: string, readonly url: string, readonly name: string, readonly timeZone: string, readonly disconnectedAt: string | null, readonly mayConfigure: boolean, readonly mayReadEvidence: boolean, readonly mayWrite: boolean };

export type SiteChoiceFragment = { readonly sites: { readonly edges: ReadonlyArray<{ readonly node: { readonly siteId: string, readonly name: string } }> } };

export type SpeedQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  filter?: ReportFilter | null | undefined;
  interval: Interval;
  base: RangeInput;
  hasBase: boolean;
}>;


export type SpeedQuery = { readonly site: { readonly report: { readonly to: string, readonly annotations: ReadonlyArray<{ readonly id: string, readonly kind: AnnotationKind, readonly at: string, readonly subject: string | null, readonly text: string | null, readonly mayRemove: boolean }>, readonly compare?: { readonly changes: ReadonlyArray<{ readonly metric: MetricName, readonly value: number | null, readonly baseline: number | null, readonly ratio: number | null, readonly enough: boolean, readonly conclusive: boolean, readonly interval: { readonly low: number, readonly high: number } | null }> } | null, readonly sections: { readonly totals: { readonly views: number, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly cls: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly fcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly ttfb: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly ratings: { readonly lcp: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null, readonly inp: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null, readonly cls: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null, readonly fcp: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null, readonly ttfb: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null } } | null, readonly series: ReadonlyArray<{ readonly start: string, readonly metrics: { readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly elements: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly cls: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly pictures: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly cls: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly interactions: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly cls: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly shifts: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly cls: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly devices: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null, readonly connections: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> | null } } } | null };

export type VitalsFragment = { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly cls: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly fcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly ttfb: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null };

export type VitalRatingsFragment = { readonly lcp: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null, readonly inp: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null, readonly cls: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null, readonly fcp: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null, readonly ttfb: { readonly good: number, readonly needsImprovement: number, readonly poor: number } | null };

export type RatingFragment = { readonly good: number, readonly needsImprovement: number, readonly poor: number };

export type SlowRowFragment = { readonly key: string | null, readonly metrics: { readonly views: number, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly cls: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } };

export type AdviceQueryVariables = Exact<{
  siteId: string;
}>;


export type AdviceQuery = { readonly site: { readonly advice: { readonly edges: ReadonlyArray<{ readonly node: { readonly kind: AdviceKind, readonly postId: string, readonly url: string, readonly title: string | null, readonly description: string | null, readonly pixels: number, readonly maxPixels: number, readonly sameAs: ReadonlyArray<string>, readonly proposal: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean } } } | null };

export type AdviceFragment = { readonly kind: AdviceKind, readonly postId: string, readonly url: string, readonly title: string | null, readonly description: string | null, readonly pixels: number, readonly maxPixels: number, readonly sameAs: ReadonlyArray<string>, readonly proposal: string | null };

export type PageTrialsQueryVariables = Exact<{
  siteId: string;
}>;


export type PageTrialsQuery = { readonly site: { readonly pageTrials: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly trialId: string, readonly kind: AdviceKind, readonly startedBy: string, readonly startedAt: string, readonly endedAt: string | null, readonly rolledBackAt: string | null, readonly rolledBackBy: string | null, readonly effect: { readonly readyAt: string | null, readonly searchVisits: { readonly isEnough: boolean, readonly effect: number | null, readonly low: number | null, readonly high: number | null, readonly changedPages: number, readonly waitingPages: number } | null, readonly engagedTime: { readonly isEnough: boolean, readonly effect: number | null, readonly low: number | null, readonly high: number | null, readonly changedPages: number, readonly waitingPages: number } | null } } }> } } | null };

export type PageTrialFragment = { readonly id: string, readonly trialId: string, readonly kind: AdviceKind, readonly startedBy: string, readonly startedAt: string, readonly endedAt: string | null, readonly rolledBackAt: string | null, readonly rolledBackBy: string | null, readonly effect: { readonly readyAt: string | null, readonly searchVisits: { readonly isEnough: boolean, readonly effect: number | null, readonly low: number | null, readonly high: number | null, readonly changedPages: number, readonly waitingPages: number } | null, readonly engagedTime: { readonly isEnough: boolean, readonly effect: number | null, readonly low: number | null, readonly high: number | null, readonly changedPages: number, readonly waitingPages: number } | null } };

export type MeasuredEffectFragment = { readonly isEnough: boolean, readonly effect: number | null, readonly low: number | null, readonly high: number | null, readonly changedPages: number, readonly waitingPages: number };

export type TrialPagesQueryVariables = Exact<{
  id: string | number;
}>;


export type TrialPagesQuery = { readonly node:
    | { readonly changes: { readonly edges: ReadonlyArray<{ readonly node: { readonly postId: string, readonly url: string, readonly isChangedHalf: boolean, readonly title: string | null, readonly description: string | null, readonly seenTitle: string | null, readonly seenDescription: string | null, readonly status: PageChangeStatus, readonly place: string | null, readonly error: string | null } }> } }
    | Record<PropertyKey, never>
   | null };

export type PageTrialStartMutationVariables = Exact<{
  input: PageTrialStartInput;
}>;


export type PageTrialStartMutation = { readonly pageTrialStart: { readonly trial: { readonly id: string } | null } };

export type PageTrialRollBackMutationVariables = Exact<{
  input: PageTrialRollBackInput;
}>;


export type PageTrialRollBackMutation = { readonly pageTrialRollBack: { readonly trial: { readonly id: string } | null } };

export type PageTrialEndMutationVariables = Exact<{
  input: PageTrialEndInput;
}>;


export type PageTrialEndMutation = { readonly pageTrialEnd: { readonly trial: { readonly id: string } | null } };

export type DraftsQueryVariables = Exact<{
  siteId: string;
}>;


export type DraftsQuery = { readonly site: { readonly hasModel: boolean, readonly drafts: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly status: DraftStatus, readonly language: string, readonly region: string | null, readonly writtenCharacters: number, readonly writtenSections: number, readonly problem: string | null, readonly approvedBy: string | null, readonly createdAt: string, readonly brief: { readonly id: string, readonly question: string } | null, readonly content: { readonly title: string } | null, readonly refusals: ReadonlyArray<{ readonly section: number, readonly claim: number, readonly code: RefusalCode, readonly reason: string }> } }> } } | null };

export type DraftSummaryFragment = { readonly id: string, readonly status: DraftStatus, readonly language: string, readonly region: string | null, readonly writtenCharacters: number, readonly writtenSections: number, readonly problem: string | null, readonly approvedBy: string | null, readonly createdAt: string, readonly brief: { readonly id: string, readonly question: string } | null, readonly content: { readonly title: string } | null, readonly refusals: ReadonlyArray<{ readonly section: number, readonly claim: number, readonly code: RefusalCode, readonly reason: string }> };

export type DraftProgressSubscriptionVariables = Exact<{
  ids: ReadonlyArray<string | number> | string | number;
}>;


export type DraftProgressSubscription = { readonly draftProgress: { readonly draftId: string, readonly status: DraftStatus, readonly characters: number, readonly sections: number, readonly expectedSections: number | null, readonly tokens: number, readonly latestClaim: string | null, readonly gates: number, readonly expectedGates: number, readonly problem: string | null, readonly refusals: ReadonlyArray<{ readonly section: number, readonly claim: number, readonly code: RefusalCode, readonly reason: string }> } };

export type DraftTextQueryVariables = Exact<{
  id: string | number;
}>;


export type DraftTextQuery = { readonly node:
    | { readonly content: { readonly title: string, readonly description: string, readonly sections: ReadonlyArray<{ readonly heading: string, readonly claims: ReadonlyArray<{ readonly text: string, readonly evidenceIds: ReadonlyArray<string>, readonly refusals: ReadonlyArray<{ readonly code: RefusalCode, readonly reason: string }> }> }> } | null, readonly evidence: ReadonlyArray<{ readonly id: string, readonly evidenceId: string, readonly source: EvidenceSource, readonly date: string, readonly region: string | null, readonly language: string | null, readonly title: string | null, readonly text: string, readonly url: string | null }> }
    | Record<PropertyKey, never>
   | null };

export type DraftRequestMutationVariables = Exact<{
  input: DraftRequestInput;
}>;


export type DraftRequestMutation = { readonly draftRequest: { readonly draft: { readonly id: string } | null } };

export type DraftCancelMutationVariables = Exact<{
  input: DraftCancelInput;
}>;


export type DraftCancelMutation = { readonly draftCancel: { readonly draft: { readonly id: string } | null } };

export type DraftApproveMutationVariables = Exact<{
  input: DraftApproveInput;
}>;


export type DraftApproveMutation = { readonly draftApprove: { readonly draft: { readonly id: string } | null } };

export type DraftSendAgainMutationVariables = Exact<{
  input: DraftSendAgainInput;
}>;


export type DraftSendAgainMutation = { readonly draftSendAgain: { readonly draft: { readonly id: string } | null } };

export type SiteEvidenceQueryVariables = Exact<{
  siteId: string;
  sources?: ReadonlyArray<EvidenceSource> | EvidenceSource | null | undefined;
  after?: string | null | undefined;
}>;


export type SiteEvidenceQuery = { readonly site: { readonly evidence: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly evidenceId: string, readonly source: EvidenceSource, readonly date: string, readonly region: string | null, readonly language: string | null, readonly title: string | null, readonly text: string, readonly url: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type UploadsQueryVariables = Exact<{
  siteId: string;
}>;


export type UploadsQuery = { readonly site: { readonly uploads: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly kind: UploadKind, readonly uploadedAt: string, readonly uploadedBy: string | null, readonly items: number } }> } } | null };

export type EvidenceUploadMutationVariables = Exact<{
  input: EvidenceUploadInput;
}>;


export type EvidenceUploadMutation = { readonly evidenceUpload: { readonly upload: { readonly id: string, readonly name: string, readonly items: number } | null } };

export type EvidenceUploadRemoveMutationVariables = Exact<{
  input: EvidenceUploadRemoveInput;
}>;


export type EvidenceUploadRemoveMutation = { readonly evidenceUploadRemove: { readonly upload: { readonly id: string } | null } };

export type SearchQueriesImportMutationVariables = Exact<{
  input: SearchQueriesImportInput;
}>;


export type SearchQueriesImportMutation = { readonly searchQueriesImport: { readonly queryCount: number | null } };

export type LocalModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type LocalModelsQuery = { readonly localModels: { readonly isInstalled: boolean, readonly isInstalling: boolean, readonly problem: string | null, readonly models: ReadonlyArray<{ readonly name: string, readonly state: LocalModelState, readonly bytes: number, readonly totalBytes: number | null, readonly problem: string | null }> } };

export type LocalModelsFragment = { readonly isInstalled: boolean, readonly isInstalling: boolean, readonly problem: string | null, readonly models: ReadonlyArray<{ readonly name: string, readonly state: LocalModelState, readonly bytes: number, readonly totalBytes: number | null, readonly problem: string | null }> };

export type LocalModelsInstallMutationVariables = Exact<{ [key: string]: never; }>;


export type LocalModelsInstallMutation = { readonly localModelsInstall: { readonly isInstalled: boolean, readonly isInstalling: boolean, readonly problem: string | null, readonly models: ReadonlyArray<{ readonly name: string, readonly state: LocalModelState, readonly bytes: number, readonly totalBytes: number | null, readonly problem: string | null }> } };

export type LocalModelFetchMutationVariables = Exact<{
  input: LocalModelFetchInput;
}>;


export type LocalModelFetchMutation = { readonly localModelFetch: { readonly localModels: { readonly isInstalled: boolean, readonly isInstalling: boolean, readonly problem: string | null, readonly models: ReadonlyArray<{ readonly name: string, readonly state: LocalModelState, readonly bytes: number, readonly totalBytes: number | null, readonly problem: string | null }> } | null } };

export type LocalModelRemoveMutationVariables = Exact<{
  input: LocalModelRemoveInput;
}>;


export type LocalModelRemoveMutation = { readonly localModelRemove: { readonly wasThere: boolean | null } };

export type ModelQueryVariables = Exact<{
  siteId: string;
}>;


export type ModelQuery = { readonly site: { readonly mayManageModels: boolean, readonly model: { readonly kind: ModelKind, readonly baseUrl: string | null, readonly name: string, readonly hasKey: boolean, readonly allowPrivateAddresses: boolean, readonly inputPrice: number | null, readonly outputPrice: number | null, readonly currency: string | null, readonly budget: number, readonly maxOutputTokens: number, readonly use: { readonly month: string, readonly tokens: number, readonly cost: number, readonly calls: number } } | null } | null };

export type ModelSetMutationVariables = Exact<{
  input: ModelSetInput;
}>;


export type ModelSetMutation = { readonly modelSet: { readonly model: { readonly name: string } | null } };

export type ModelRemoveMutationVariables = Exact<{
  input: ModelRemoveInput;
}>;


export type ModelRemoveMutation = { readonly modelRemove: { readonly wasThere: boolean | null } };

export type BriefsQueryVariables = Exact<{
  siteId: string;
}>;


export type BriefsQuery = { readonly site: { readonly briefsMadeAt: string | null, readonly hasModel: boolean, readonly briefs: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly day: string, readonly rank: number, readonly kind: BriefKind, readonly question: string, readonly readers: string, readonly region: string | null, readonly language: string | null, readonly why: string, readonly score: number, readonly titles: ReadonlyArray<{ readonly text: string, readonly pixels: number }>, readonly descriptions: ReadonlyArray<{ readonly text: string, readonly pixels: number }>, readonly links: ReadonlyArray<{ readonly postId: string, readonly url: string, readonly title: string }>, readonly updates: ReadonlyArray<{ readonly postId: string, readonly advice: UpdateAdvice, readonly reason: string }> } }> } } | null };

export type BriefFragment = { readonly id: string, readonly day: string, readonly rank: number, readonly kind: BriefKind, readonly question: string, readonly readers: string, readonly region: string | null, readonly language: string | null, readonly why: string, readonly score: number, readonly titles: ReadonlyArray<{ readonly text: string, readonly pixels: number }>, readonly descriptions: ReadonlyArray<{ readonly text: string, readonly pixels: number }>, readonly links: ReadonlyArray<{ readonly postId: string, readonly url: string, readonly title: string }>, readonly updates: ReadonlyArray<{ readonly postId: string, readonly advice: UpdateAdvice, readonly reason: string }> };

export type BriefEvidenceQueryVariables = Exact<{
  id: string | number;
}>;


export type BriefEvidenceQuery = { readonly node:
    | { readonly outline: ReadonlyArray<{ readonly heading: string, readonly evidence: ReadonlyArray<{ readonly evidenceId: string, readonly title: string | null }> }>, readonly facts: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly evidenceId: string, readonly source: EvidenceSource, readonly date: string, readonly region: string | null, readonly language: string | null, readonly title: string | null, readonly text: string, readonly url: string | null } }> } }
    | Record<PropertyKey, never>
   | null };

export type EvidenceFragment = { readonly id: string, readonly evidenceId: string, readonly source: EvidenceSource, readonly date: string, readonly region: string | null, readonly language: string | null, readonly title: string | null, readonly text: string, readonly url: string | null };

export type BriefsRequestMutationVariables = Exact<{
  input: BriefsRequestInput;
}>;


export type BriefsRequestMutation = { readonly briefsRequest: { readonly site: { readonly siteId: string } | null } };

export type YourAccountQueryVariables = Exact<{ [key: string]: never; }>;


export type YourAccountQuery = { readonly me: { readonly accountId: string, readonly name: string, readonly email: string | null, readonly isAdministrator: boolean } | null };

export type AccountPasswordChangeMutationVariables = Exact<{
  input: AccountPasswordChangeInput;
}>;


export type AccountPasswordChangeMutation = { readonly accountPasswordChange: { readonly changed: boolean | null } };

export type AccountCloseMutationVariables = Exact<{
  input: AccountCloseInput;
}>;


export type AccountCloseMutation = { readonly accountClose: { readonly closed: boolean | null } };

export type OwnSignInQueryVariables = Exact<{ [key: string]: never; }>;


export type OwnSignInQuery = { readonly ownSignIn: { readonly hasPassword: boolean, readonly providerName: string | null, readonly passkeys: ReadonlyArray<{ readonly passkeyId: string, readonly name: string, readonly isSynced: boolean, readonly createdAt: string, readonly usedAt: string | null }>, readonly providerLinks: ReadonlyArray<{ readonly providerLinkId: string, readonly email: string | null, readonly createdAt: string, readonly usedAt: string }>, readonly sessions: ReadonlyArray<{ readonly sessionId: string, readonly isCurrent: boolean, readonly network: string | null, readonly way: SignInWay | null, readonly createdAt: string, readonly seenAt: string }> } | null };

export type PasskeyRenameMutationVariables = Exact<{
  input: PasskeyRenameInput;
}>;


export type PasskeyRenameMutation = { readonly passkeyRename: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type PasskeyRemoveMutationVariables = Exact<{
  input: PasskeyRemoveInput;
}>;


export type PasskeyRemoveMutation = { readonly passkeyRemove: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type ProviderUnlinkMutationVariables = Exact<{
  input: ProviderUnlinkInput;
}>;


export type ProviderUnlinkMutation = { readonly providerUnlink: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type SessionEndMutationVariables = Exact<{
  input: SessionEndInput;
}>;


export type SessionEndMutation = { readonly sessionEnd: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } };

export type SessionsEndMutationVariables = Exact<{ [key: string]: never; }>;


export type SessionsEndMutation = { readonly sessionsEnd: { readonly ended: number | null } };

export type AllRowsQueryVariables = Exact<{
  siteId: string;
  range?: RangeInput | null | undefined;
  days?: DaysInput | null | undefined;
  lastDays?: number | null | undefined;
  filter?: ReportFilter | null | undefined;
  by: Dimension;
  after?: string | null | undefined;
}>;


export type AllRowsQuery = { readonly site: { readonly report: { readonly rows: { readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly label: string, readonly values: ReadonlyArray<{ readonly key: string | null }>, readonly metrics: { readonly views: number, readonly speed: { readonly inp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly cls: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> } | null } } | null };

export type FiguresFragment = { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } };

export type EstimateFragment = { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean };

export type ComparedFragment = { readonly changes: ReadonlyArray<{ readonly metric: MetricName, readonly value: number | null, readonly baseline: number | null, readonly ratio: number | null, readonly enough: boolean, readonly conclusive: boolean, readonly interval: { readonly low: number, readonly high: number } | null }> };

export type ChangeFragment = { readonly metric: MetricName, readonly value: number | null, readonly baseline: number | null, readonly ratio: number | null, readonly enough: boolean, readonly conclusive: boolean, readonly interval: { readonly low: number, readonly high: number } | null };

export type SourcesFragment = { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AnnotationFragmentDoc = new TypedDocumentString(`
    fragment Annotation on Annotation {
  id
  kind
  at
  subject
  text
  mayRemove
}
    `, {"fragmentName":"Annotation"}) as unknown as TypedDocumentString<AnnotationFragment, unknown>;
export const MembershipFragmentDoc = new TypedDocumentString(`
    fragment Membership on Membership {
  member {
    host
    name
    isPunycode
    lookAlikes
  }
  domain
  method
  joinedAt
  provenAt
  expiresAt
  problem
  trust
  isBanned
  ban {
    isBanned
    reason
    decidedAt
    appeal
    appealedAt
  }
}
    `, {"fragmentName":"Membership"}) as unknown as TypedDocumentString<MembershipFragment, unknown>;
export const FeedPostFragmentDoc = new TypedDocumentString(`
    fragment FeedPost on SharedPost {
  id
  submissionId
  title
  summary
  url
  language
  sharedAt
  member {
    host
    name
  }
  score {
    upVotes
    downVotes
    upWeight
    quality
    hot
  }
}
    `, {"fragmentName":"FeedPost"}) as unknown as TypedDocumentString<FeedPostFragment, unknown>;
export const OwnPostFragmentDoc = new TypedDocumentString(`
    fragment OwnPost on SharedPost {
  id
  submissionId
  title
  url
  isShown
  score {
    upVotes
    downVotes
    upWeight
    quality
    factor
    hot
  }
  reasons {
    host
    reason
  }
}
    `, {"fragmentName":"OwnPost"}) as unknown as TypedDocumentString<OwnPostFragment, unknown>;
export const SourcesFragmentDoc = new TypedDocumentString(`
    fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}
    `, {"fragmentName":"Sources"}) as unknown as TypedDocumentString<SourcesFragment, unknown>;
export const DeliveryTotalsFragmentDoc = new TypedDocumentString(`
    fragment DeliveryTotals on Metrics {
  views
  delivery {
    bytes {
      ...Sources
    }
    peerHitRatio
    residualOriginLoad
    bytesSaved
    savings {
      money
      currency
      carbonGrams
    }
    uploaded
    fairness
    connectedRatio
  }
  reliability {
    assetSuccessRatio
    fallbackRatio
    stallRatio
    stalls
    wrongBytes
    rejectedChunks
    droppedPeers
  }
}
    fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`, {"fragmentName":"DeliveryTotals"}) as unknown as TypedDocumentString<DeliveryTotalsFragment, unknown>;
export const EstimateFragmentDoc = new TypedDocumentString(`
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
    `, {"fragmentName":"Estimate"}) as unknown as TypedDocumentString<EstimateFragment, unknown>;
export const FiguresFragmentDoc = new TypedDocumentString(`
    fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`, {"fragmentName":"Figures"}) as unknown as TypedDocumentString<FiguresFragment, unknown>;
export const DifferenceFragmentDoc = new TypedDocumentString(`
    fragment Difference on Difference {
  value
  low
  high
  samples
  baselineSamples
  enough
  conclusive
}
    `, {"fragmentName":"Difference"}) as unknown as TypedDocumentString<DifferenceFragment, unknown>;
export const ExperimentFragmentDoc = new TypedDocumentString(`
    fragment Experiment on Experiment {
  assisted {
    ...Figures
  }
  control {
    ...Figures
  }
  speed {
    lcp {
      ...Difference
    }
    load {
      ...Difference
    }
    inp {
      ...Difference
    }
  }
}
    fragment Difference on Difference {
  value
  low
  high
  samples
  baselineSamples
  enough
  conclusive
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`, {"fragmentName":"Experiment"}) as unknown as TypedDocumentString<ExperimentFragment, unknown>;
export const FindingFragmentDoc = new TypedDocumentString(`
    fragment Finding on Finding {
  id
  title
  sentence
  action
  link
  samples
  minSamples
  firstFoundAt
  dismissedAt
  reasons {
    kind
    sentence
  }
}
    `, {"fragmentName":"Finding"}) as unknown as TypedDocumentString<FindingFragment, unknown>;
export const LoggedEventFragmentDoc = new TypedDocumentString(`
    fragment LoggedEvent on AuditEvent {
  at
  actor
  actorName
  action
  siteId
  subject
  subjectName
}
    `, {"fragmentName":"LoggedEvent"}) as unknown as TypedDocumentString<LoggedEventFragment, unknown>;
export const CommunityBanFragmentDoc = new TypedDocumentString(`
    fragment CommunityBan on CommunityBan {
  host
  reason
  decidedAt
  appeal
  appealedAt
}
    `, {"fragmentName":"CommunityBan"}) as unknown as TypedDocumentString<CommunityBanFragment, unknown>;
export const ModerationCaseFragmentDoc = new TypedDocumentString(`
    fragment ModerationCase on ModerationCase {
  submissionId
  title
  url
  host
  isHidden
  isOpen
  mayAppeal
  events(first: 50) {
    edges {
      node {
        row
        at
        kind
        action
        reason
        text
        by
      }
    }
  }
}
    `, {"fragmentName":"ModerationCase"}) as unknown as TypedDocumentString<ModerationCaseFragment, unknown>;
export const MainFiguresFragmentDoc = new TypedDocumentString(`
    fragment MainFigures on Metrics {
  views
  reliability {
    viewSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    residualOriginLoad
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}`, {"fragmentName":"MainFigures"}) as unknown as TypedDocumentString<MainFiguresFragment, unknown>;
export const TrendsFragmentDoc = new TypedDocumentString(`
    fragment Trends on Metrics {
  views
  reliability {
    viewSuccessRatio
  }
  speed {
    lcp {
      value
    }
  }
  delivery {
    peerHitRatio
    residualOriginLoad
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      value
    }
  }
}
    fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`, {"fragmentName":"Trends"}) as unknown as TypedDocumentString<TrendsFragment, unknown>;
export const ListedPostFragmentDoc = new TypedDocumentString(`
    fragment ListedPost on Post {
  postId
  url
  title
  version
  revoked
  publishedAt
}
    `, {"fragmentName":"ListedPost"}) as unknown as TypedDocumentString<ListedPostFragment, unknown>;
export const SubdivisionFragmentDoc = new TypedDocumentString(`
    fragment Subdivision on SubdivisionVisibility {
  subdivision
  lags
  samples
  recent {
    weekly
    share
  }
  earlier {
    weekly
    share
  }
  test {
    oddsRatio
    adjustedPValue
  }
}
    `, {"fragmentName":"Subdivision"}) as unknown as TypedDocumentString<SubdivisionFragment, unknown>;
export const LaggingRegionsFragmentDoc = new TypedDocumentString(`
    fragment LaggingRegions on Site {
  regions {
    state
    season
    weeks
    regions(lagging: true) {
      country
      visitsRatio
      recent {
        weekly
        share
      }
      earlier {
        weekly
        share
      }
      test {
        oddsRatio
        adjustedPValue
      }
      reasons {
        kind
        sentence
      }
    }
    subdivisions {
      ...Subdivision
    }
  }
}
    fragment Subdivision on SubdivisionVisibility {
  subdivision
  lags
  samples
  recent {
    weekly
    share
  }
  earlier {
    weekly
    share
  }
  test {
    oddsRatio
    adjustedPValue
  }
}`, {"fragmentName":"LaggingRegions"}) as unknown as TypedDocumentString<LaggingRegionsFragment, unknown>;
export const SearchTotalsFragmentDoc = new TypedDocumentString(`
    fragment SearchTotals on SearchPerformance {
  firstDay
  lastDay
  total {
    clicks
    impressions
    ctr
    position
    days
  }
}
    `, {"fragmentName":"SearchTotals"}) as unknown as TypedDocumentString<SearchTotalsFragment, unknown>;
export const SearchRowFragmentDoc = new TypedDocumentString(`
    fragment SearchRow on SearchRow {
  key
  clicks
  impressions
  ctr
  position
}
    `, {"fragmentName":"SearchRow"}) as unknown as TypedDocumentString<SearchRowFragment, unknown>;
export const SearchListedFragmentDoc = new TypedDocumentString(`
    fragment SearchListed on SearchList {
  listed {
    clicks
    impressions
  }
  page {
    endCursor
    hasNextPage
    rows {
      ...SearchRow
    }
  }
}
    fragment SearchRow on SearchRow {
  key
  clicks
  impressions
  ctr
  position
}`, {"fragmentName":"SearchListed"}) as unknown as TypedDocumentString<SearchListedFragment, unknown>;
export const LanguageFragmentDoc = new TypedDocumentString(`
    fragment Language on LanguageFigures {
  language
  recent {
    clicks
    impressions
  }
  earlier {
    clicks
    impressions
  }
}
    `, {"fragmentName":"Language"}) as unknown as TypedDocumentString<LanguageFragment, unknown>;
export const ImportedExportFragmentDoc = new TypedDocumentString(`
    fragment ImportedExport on ImportedSearchExport {
  firstDay
  lastDay
  countries
  unknownNames
}
    `, {"fragmentName":"ImportedExport"}) as unknown as TypedDocumentString<ImportedExportFragment, unknown>;
export const LandingPageFragmentDoc = new TypedDocumentString(`
    fragment LandingPage on SearchSource {
  key
  visits
  engagedMs {
    ...Estimate
  }
  scrollDepth {
    ...Estimate
  }
  sessions {
    bounceRatio
  }
}
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}`, {"fragmentName":"LandingPage"}) as unknown as TypedDocumentString<LandingPageFragment, unknown>;
export const SeedFragmentDoc = new TypedDocumentString(`
    fragment Seed on SeedOffer {
  seed
  owner
  country
  maxBytes
  bytesPerDay
  expiresAt
  seenAt
  revokedAt
  revokedReason
}
    `, {"fragmentName":"Seed"}) as unknown as TypedDocumentString<SeedFragment, unknown>;
export const LentDayFragmentDoc = new TypedDocumentString(`
    fragment LentDay on LentDay {
  day
  seed
  giver
  receiver
  country
  bytes
  networks
}
    `, {"fragmentName":"LentDay"}) as unknown as TypedDocumentString<LentDayFragment, unknown>;
export const SiteSummaryFragmentDoc = new TypedDocumentString(`
    fragment SiteSummary on Site {
  siteId
  url
  name
  timeZone
  disconnectedAt
  mayConfigure
  mayReadEvidence
  mayWrite
}
    `, {"fragmentName":"SiteSummary"}) as unknown as TypedDocumentString<SiteSummaryFragment, unknown>;
export const SiteChoiceFragmentDoc = new TypedDocumentString(`
    fragment SiteChoice on Query {
  sites(first: 100) {
    edges {
      node {
        siteId
        name
      }
    }
  }
}
    `, {"fragmentName":"SiteChoice"}) as unknown as TypedDocumentString<SiteChoiceFragment, unknown>;
export const VitalsFragmentDoc = new TypedDocumentString(`
    fragment Vitals on Speed {
  lcp {
    ...Estimate
  }
  inp {
    ...Estimate
  }
  cls {
    ...Estimate
  }
  fcp {
    ...Estimate
  }
  ttfb {
    ...Estimate
  }
}
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}`, {"fragmentName":"Vitals"}) as unknown as TypedDocumentString<VitalsFragment, unknown>;
export const RatingFragmentDoc = new TypedDocumentString(`
    fragment Rating on Ratings {
  good
  needsImprovement
  poor
}
    `, {"fragmentName":"Rating"}) as unknown as TypedDocumentString<RatingFragment, unknown>;
export const VitalRatingsFragmentDoc = new TypedDocumentString(`
    fragment VitalRatings on VitalRatings {
  lcp {
    ...Rating
  }
  inp {
    ...Rating
  }
  cls {
    ...Rating
  }
  fcp {
    ...Rating
  }
  ttfb {
    ...Rating
  }
}
    fragment Rating on Ratings {
  good
  needsImprovement
  poor
}`, {"fragmentName":"VitalRatings"}) as unknown as TypedDocumentString<VitalRatingsFragment, unknown>;
export const SlowRowFragmentDoc = new TypedDocumentString(`
    fragment SlowRow on BreakdownRow {
  key
  metrics {
    views
    speed {
      lcp {
        ...Estimate
      }
      inp {
        ...Estimate
      }
      cls {
        ...Estimate
      }
    }
  }
}
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}`, {"fragmentName":"SlowRow"}) as unknown as TypedDocumentString<SlowRowFragment, unknown>;
export const AdviceFragmentDoc = new TypedDocumentString(`
    fragment Advice on Advice {
  kind
  postId
  url
  title
  description
  pixels
  maxPixels
  sameAs
  proposal
}
    `, {"fragmentName":"Advice"}) as unknown as TypedDocumentString<AdviceFragment, unknown>;
export const MeasuredEffectFragmentDoc = new TypedDocumentString(`
    fragment MeasuredEffect on MeasuredEffect {
  isEnough
  effect
  low
  high
  changedPages
  waitingPages
}
    `, {"fragmentName":"MeasuredEffect"}) as unknown as TypedDocumentString<MeasuredEffectFragment, unknown>;
export const PageTrialFragmentDoc = new TypedDocumentString(`
    fragment PageTrial on PageTrial {
  id
  trialId
  kind
  startedBy
  startedAt
  endedAt
  rolledBackAt
  rolledBackBy
  effect {
    readyAt
    searchVisits {
      ...MeasuredEffect
    }
    engagedTime {
      ...MeasuredEffect
    }
  }
}
    fragment MeasuredEffect on MeasuredEffect {
  isEnough
  effect
  low
  high
  changedPages
  waitingPages
}`, {"fragmentName":"PageTrial"}) as unknown as TypedDocumentString<PageTrialFragment, unknown>;
export const DraftSummaryFragmentDoc = new TypedDocumentString(`
    fragment DraftSummary on Draft {
  id
  status
  language
  region
  writtenCharacters
  writtenSections
  problem
  approvedBy
  createdAt
  brief {
    id
    question
  }
  content {
    title
  }
  refusals {
    section
    claim
    code
    reason
  }
}
    `, {"fragmentName":"DraftSummary"}) as unknown as TypedDocumentString<DraftSummaryFragment, unknown>;
export const LocalModelsFragmentDoc = new TypedDocumentString(`
    fragment LocalModels on LocalModels {
  isInstalled
  isInstalling
  problem
  models {
    name
    state
    bytes
    totalBytes
    problem
  }
}
    `, {"fragmentName":"LocalModels"}) as unknown as TypedDocumentString<LocalModelsFragment, unknown>;
export const BriefFragmentDoc = new TypedDocumentString(`
    fragment Brief on Brief {
  id
  day
  rank
  kind
  question
  readers
  region
  language
  why
  score
  titles {
    text
    pixels
  }
  descriptions {
    text
    pixels
  }
  links {
    postId
    url
    title
  }
  updates {
    postId
    advice
    reason
  }
}
    `, {"fragmentName":"Brief"}) as unknown as TypedDocumentString<BriefFragment, unknown>;
export const EvidenceFragmentDoc = new TypedDocumentString(`
    fragment Evidence on Evidence {
  id
  evidenceId
  source
  date
  region
  language
  title
  text
  url
}
    `, {"fragmentName":"Evidence"}) as unknown as TypedDocumentString<EvidenceFragment, unknown>;
export const ChangeFragmentDoc = new TypedDocumentString(`
    fragment Change on MetricChange {
  metric
  value
  baseline
  ratio
  interval {
    low
    high
  }
  enough
  conclusive
}
    `, {"fragmentName":"Change"}) as unknown as TypedDocumentString<ChangeFragment, unknown>;
export const ComparedFragmentDoc = new TypedDocumentString(`
    fragment Compared on MetricsComparison {
  changes {
    ...Change
  }
}
    fragment Change on MetricChange {
  metric
  value
  baseline
  ratio
  interval {
    low
    high
  }
  enough
  conclusive
}`, {"fragmentName":"Compared"}) as unknown as TypedDocumentString<ComparedFragment, unknown>;
export const AnnotationAddDocument = new TypedDocumentString(`
    mutation AnnotationAdd($input: AnnotationAddInput!) {
  annotationAdd(input: $input) {
    annotation {
      ...Annotation
    }
  }
}
    fragment Annotation on Annotation {
  id
  kind
  at
  subject
  text
  mayRemove
}`) as unknown as TypedDocumentString<AnnotationAddMutation, AnnotationAddMutationVariables>;
export const AnnotationRemoveDocument = new TypedDocumentString(`
    mutation AnnotationRemove($input: AnnotationRemoveInput!) {
  annotationRemove(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<AnnotationRemoveMutation, AnnotationRemoveMutationVariables>;
export const SiteSavedViewsDocument = new TypedDocumentString(`
    query SiteSavedViews($siteId: String!) {
  site(siteId: $siteId) {
    savedViews {
      savedViewId
      name
      path
    }
  }
}
    `) as unknown as TypedDocumentString<SiteSavedViewsQuery, SiteSavedViewsQueryVariables>;
export const ViewSaveDocument = new TypedDocumentString(`
    mutation ViewSave($input: ViewSaveInput!) {
  viewSave(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ViewSaveMutation, ViewSaveMutationVariables>;
export const ViewRemoveDocument = new TypedDocumentString(`
    mutation ViewRemove($input: ViewRemoveInput!) {
  viewRemove(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ViewRemoveMutation, ViewRemoveMutationVariables>;
export const AccountsDocument = new TypedDocumentString(`
    query Accounts($after: String) {
  accountsConnection(first: 50, after: $after) {
    edges {
      node {
        accountId
        name
        email
        isAdministrator
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
  administratorInvitations {
    invitationId
    email
    role
    expiresAt
  }
  me {
    accountId
  }
}
    `) as unknown as TypedDocumentString<AccountsQuery, AccountsQueryVariables>;
export const AccountSignInResetDocument = new TypedDocumentString(`
    mutation AccountSignInReset($input: AccountSignInResetInput!) {
  accountSignInReset(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AccountSignInResetMutation, AccountSignInResetMutationVariables>;
export const AdministratorInviteDocument = new TypedDocumentString(`
    mutation AdministratorInvite($input: AdministratorInviteInput!) {
  administratorInvite(input: $input) {
    link
  }
}
    `) as unknown as TypedDocumentString<AdministratorInviteMutation, AdministratorInviteMutationVariables>;
export const SiteAlertsDocument = new TypedDocumentString(`
    query SiteAlerts($siteId: String!) {
  site(siteId: $siteId) {
    siteId
    timeZone
    mayAcknowledge
    objectives {
      kind
      target
      changedAt
      rules {
        burnRate
        severity
        isReachable
      }
      budgets {
        measure
        total
        failed
        left
      }
    }
    probes {
      kind
      lastDay {
        probes
        availability
      }
      latest(first: 1) {
        url
        at
        durationMs
        failure {
          message
        }
        phases {
          queue
          dns
          connect
          tls
          firstByte
          download
        }
      }
    }
    incidents(first: 50) {
      edges {
        node {
          incidentId
          symptom
          severity
          summary
          since
          openedAt
          acknowledgedAt
          acknowledgedBy
          resolvedAt
          entries {
            type
            at
            text
          }
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SiteAlertsQuery, SiteAlertsQueryVariables>;
export const SiteChannelsDocument = new TypedDocumentString(`
    query SiteChannels($siteId: String!) {
  site(siteId: $siteId) {
    siteId
    channelKinds
    channels {
      channelId
      kind
      target
      hasDigest
      unsubscribedAt
      state {
        pending
        last {
          type
          createdAt
          sentAt
          isPending
          error
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SiteChannelsQuery, SiteChannelsQueryVariables>;
export const ObjectiveSetDocument = new TypedDocumentString(`
    mutation ObjectiveSet($input: ObjectiveSetInput!) {
  objectiveSet(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<ObjectiveSetMutation, ObjectiveSetMutationVariables>;
export const IncidentAcknowledgeDocument = new TypedDocumentString(`
    mutation IncidentAcknowledge($input: IncidentAcknowledgeInput!) {
  incidentAcknowledge(input: $input) {
    incident {
      incidentId
    }
  }
}
    `) as unknown as TypedDocumentString<IncidentAcknowledgeMutation, IncidentAcknowledgeMutationVariables>;
export const ChannelAddDocument = new TypedDocumentString(`
    mutation ChannelAdd($input: ChannelAddInput!) {
  channelAdd(input: $input) {
    channel {
      channelId
    }
    secret
  }
}
    `) as unknown as TypedDocumentString<ChannelAddMutation, ChannelAddMutationVariables>;
export const ChannelRemoveDocument = new TypedDocumentString(`
    mutation ChannelRemove($input: ChannelRemoveInput!) {
  channelRemove(input: $input) {
    wasThere
  }
}
    `) as unknown as TypedDocumentString<ChannelRemoveMutation, ChannelRemoveMutationVariables>;
export const ChannelDigestSetDocument = new TypedDocumentString(`
    mutation ChannelDigestSet($input: ChannelDigestSetInput!) {
  channelDigestSet(input: $input) {
    channel {
      channelId
    }
  }
}
    `) as unknown as TypedDocumentString<ChannelDigestSetMutation, ChannelDigestSetMutationVariables>;
export const ChannelTestDocument = new TypedDocumentString(`
    mutation ChannelTest($input: ChannelTestInput!) {
  channelTest(input: $input) {
    channel {
      channelId
    }
  }
}
    `) as unknown as TypedDocumentString<ChannelTestMutation, ChannelTestMutationVariables>;
export const SiteAddDocument = new TypedDocumentString(`
    mutation SiteAdd($input: SiteAddInput!) {
  siteAdd(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<SiteAddMutation, SiteAddMutationVariables>;
export const AllSitesDocument = new TypedDocumentString(`
    query AllSites($after: String, $range: RangeInput, $days: DaysInput, $lastDays: Int) {
  sites(first: 50, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        siteId
        url
        name
        disconnectedAt
        report(range: $range, days: $days, lastDays: $lastDays) {
          sections {
            totals {
              ...Figures
            }
          }
        }
      }
    }
  }
}
    fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<AllSitesQuery, AllSitesQueryVariables>;
export const CommunityDocument = new TypedDocumentString(`
    query Community($siteId: String!) {
  site(siteId: $siteId) {
    membership {
      ...Membership
    }
    posts(first: 50) {
      edges {
        node {
          postId
          url
          revoked
        }
      }
    }
    sharedPosts(first: 50) {
      edges {
        node {
          ...OwnPost
        }
      }
    }
  }
  feed(order: HOT, first: 20) {
    edges {
      node {
        ...FeedPost
      }
    }
  }
}
    fragment Membership on Membership {
  member {
    host
    name
    isPunycode
    lookAlikes
  }
  domain
  method
  joinedAt
  provenAt
  expiresAt
  problem
  trust
  isBanned
  ban {
    isBanned
    reason
    decidedAt
    appeal
    appealedAt
  }
}
fragment FeedPost on SharedPost {
  id
  submissionId
  title
  summary
  url
  language
  sharedAt
  member {
    host
    name
  }
  score {
    upVotes
    downVotes
    upWeight
    quality
    hot
  }
}
fragment OwnPost on SharedPost {
  id
  submissionId
  title
  url
  isShown
  score {
    upVotes
    downVotes
    upWeight
    quality
    factor
    hot
  }
  reasons {
    host
    reason
  }
}`) as unknown as TypedDocumentString<CommunityQuery, CommunityQueryVariables>;
export const CommunityProofFileDocument = new TypedDocumentString(`
    query CommunityProofFile($siteId: String!) {
  site(siteId: $siteId) {
    membershipProofFile
  }
}
    `) as unknown as TypedDocumentString<CommunityProofFileQuery, CommunityProofFileQueryVariables>;
export const CommunityJoinDocument = new TypedDocumentString(`
    mutation CommunityJoin($input: CommunityJoinInput!) {
  communityJoin(input: $input) {
    site {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<CommunityJoinMutation, CommunityJoinMutationVariables>;
export const CommunityBanAppealDocument = new TypedDocumentString(`
    mutation CommunityBanAppeal($input: CommunityBanAppealInput!) {
  communityBanAppeal(input: $input) {
    ban {
      host
    }
  }
}
    `) as unknown as TypedDocumentString<CommunityBanAppealMutation, CommunityBanAppealMutationVariables>;
export const CommunityLeaveDocument = new TypedDocumentString(`
    mutation CommunityLeave($input: CommunityLeaveInput!) {
  communityLeave(input: $input) {
    site {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<CommunityLeaveMutation, CommunityLeaveMutationVariables>;
export const PostShareDocument = new TypedDocumentString(`
    mutation PostShare($input: PostShareInput!) {
  postShare(input: $input) {
    sharedPost {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PostShareMutation, PostShareMutationVariables>;
export const PostVoteDocument = new TypedDocumentString(`
    mutation PostVote($input: PostVoteInput!) {
  postVote(input: $input) {
    sharedPost {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PostVoteMutation, PostVoteMutationVariables>;
export const SiteConnectorsDocument = new TypedDocumentString(`
    query SiteConnectors($siteId: String!) {
  site(siteId: $siteId) {
    connectors {
      connectorId
      kind
      url
      path
      everyMinutes
      polledAt
      succeededAt
      receivedAt
      dueAt
      error
      failures
      named
      requested
      problems
      pages {
        postId
        url
        requestedAt
        result
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SiteConnectorsQuery, SiteConnectorsQueryVariables>;
export const ConnectorSetDocument = new TypedDocumentString(`
    mutation ConnectorSet($input: ConnectorSetInput!) {
  connectorSet(input: $input) {
    secret
    connector {
      connectorId
      path
    }
  }
}
    `) as unknown as TypedDocumentString<ConnectorSetMutation, ConnectorSetMutationVariables>;
export const ConnectorRemoveDocument = new TypedDocumentString(`
    mutation ConnectorRemove($input: ConnectorRemoveInput!) {
  connectorRemove(input: $input) {
    wasKnown
  }
}
    `) as unknown as TypedDocumentString<ConnectorRemoveMutation, ConnectorRemoveMutationVariables>;
export const DeliveryDocument = new TypedDocumentString(`
    query Delivery($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $filter: ReportFilter, $interval: Interval!, $base: RangeInput!, $hasBase: Boolean!) {
  site(siteId: $siteId) {
    report(range: $range, days: $days, lastDays: $lastDays, filter: $filter) {
      to
      annotations {
        ...Annotation
      }
      compare(
        range: $base
        metrics: [
          DELIVERY_PEER_HIT_RATIO
          DELIVERY_BYTES_SAVED
          DELIVERY_RESIDUAL_ORIGIN_LOAD
          DELIVERY_UPLOADED
          DELIVERY_FAIRNESS
          DELIVERY_CONNECTED_RATIO
          RELIABILITY_ASSET_SUCCESS_RATIO
          RELIABILITY_FALLBACK_RATIO
          RELIABILITY_STALL_RATIO
          RELIABILITY_WRONG_BYTES
        ]
      ) @include(if: $hasBase) {
        ...Compared
      }
      sections {
        totals {
          ...DeliveryTotals
        }
        series(interval: $interval) {
          start
          metrics {
            delivery {
              residualOriginLoad
              bytes {
                ...Sources
              }
            }
          }
        }
        experiment {
          ...Experiment
        }
        networks: breakdown(by: NETWORK, first: 50) {
          key
          metrics {
            ...Figures
          }
        }
      }
    }
  }
}
    fragment Annotation on Annotation {
  id
  kind
  at
  subject
  text
  mayRemove
}
fragment DeliveryTotals on Metrics {
  views
  delivery {
    bytes {
      ...Sources
    }
    peerHitRatio
    residualOriginLoad
    bytesSaved
    savings {
      money
      currency
      carbonGrams
    }
    uploaded
    fairness
    connectedRatio
  }
  reliability {
    assetSuccessRatio
    fallbackRatio
    stallRatio
    stalls
    wrongBytes
    rejectedChunks
    droppedPeers
  }
}
fragment Experiment on Experiment {
  assisted {
    ...Figures
  }
  control {
    ...Figures
  }
  speed {
    lcp {
      ...Difference
    }
    load {
      ...Difference
    }
    inp {
      ...Difference
    }
  }
}
fragment Difference on Difference {
  value
  low
  high
  samples
  baselineSamples
  enough
  conclusive
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Compared on MetricsComparison {
  changes {
    ...Change
  }
}
fragment Change on MetricChange {
  metric
  value
  baseline
  ratio
  interval {
    low
    high
  }
  enough
  conclusive
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<DeliveryQuery, DeliveryQueryVariables>;
export const FindingsDocument = new TypedDocumentString(`
    query Findings($siteId: String!) {
  site(siteId: $siteId) {
    regions {
      analysedAt
      state
      weeks
    }
    findings(first: 50) {
      edges {
        node {
          ...Finding
        }
      }
    }
    dismissed: findings(first: 50, dismissed: true) {
      edges {
        node {
          ...Finding
        }
      }
    }
  }
}
    fragment Finding on Finding {
  id
  title
  sentence
  action
  link
  samples
  minSamples
  firstFoundAt
  dismissedAt
  reasons {
    kind
    sentence
  }
}`) as unknown as TypedDocumentString<FindingsQuery, FindingsQueryVariables>;
export const FindingDismissDocument = new TypedDocumentString(`
    mutation FindingDismiss($input: FindingDismissInput!) {
  findingDismiss(input: $input) {
    finding {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<FindingDismissMutation, FindingDismissMutationVariables>;
export const SiteLogDocument = new TypedDocumentString(`
    query SiteLog($siteId: String!, $first: Int!, $after: String) {
  site(siteId: $siteId) {
    auditEventsConnection(first: $first, after: $after) {
      edges {
        node {
          ...LoggedEvent
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment LoggedEvent on AuditEvent {
  at
  actor
  actorName
  action
  siteId
  subject
  subjectName
}`) as unknown as TypedDocumentString<SiteLogQuery, SiteLogQueryVariables>;
export const InstallationLogDocument = new TypedDocumentString(`
    query InstallationLog($first: Int!, $after: String) {
  auditEventsConnection(first: $first, after: $after) {
    edges {
      node {
        ...LoggedEvent
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment LoggedEvent on AuditEvent {
  at
  actor
  actorName
  action
  siteId
  subject
  subjectName
}`) as unknown as TypedDocumentString<InstallationLogQuery, InstallationLogQueryVariables>;
export const ModerationDocument = new TypedDocumentString(`
    query Moderation($decided: Boolean!) {
  moderationQueue(first: 50, decided: $decided) {
    edges {
      node {
        ...ModerationCase
      }
    }
  }
  communityBans(first: 50) {
    edges {
      node {
        ...CommunityBan
      }
    }
  }
}
    fragment CommunityBan on CommunityBan {
  host
  reason
  decidedAt
  appeal
  appealedAt
}
fragment ModerationCase on ModerationCase {
  submissionId
  title
  url
  host
  isHidden
  isOpen
  mayAppeal
  events(first: 50) {
    edges {
      node {
        row
        at
        kind
        action
        reason
        text
        by
      }
    }
  }
}`) as unknown as TypedDocumentString<ModerationQuery, ModerationQueryVariables>;
export const CommunityBanDocument = new TypedDocumentString(`
    mutation CommunityBan($input: CommunityBanInput!) {
  communityBan(input: $input) {
    ban {
      host
    }
  }
}
    `) as unknown as TypedDocumentString<CommunityBanMutation, CommunityBanMutationVariables>;
export const CommunityUnbanDocument = new TypedDocumentString(`
    mutation CommunityUnban($input: CommunityUnbanInput!) {
  communityUnban(input: $input) {
    ban {
      host
    }
  }
}
    `) as unknown as TypedDocumentString<CommunityUnbanMutation, CommunityUnbanMutationVariables>;
export const OpenCasesDocument = new TypedDocumentString(`
    query OpenCases {
  moderationQueue(first: 50) {
    edges {
      node {
        submissionId
      }
    }
  }
  communityBans(first: 50) {
    edges {
      node {
        isOpen
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OpenCasesQuery, OpenCasesQueryVariables>;
export const SiteCasesDocument = new TypedDocumentString(`
    query SiteCases($siteId: String!) {
  site(siteId: $siteId) {
    moderation(first: 20) {
      edges {
        node {
          ...ModerationCase
        }
      }
    }
  }
}
    fragment ModerationCase on ModerationCase {
  submissionId
  title
  url
  host
  isHidden
  isOpen
  mayAppeal
  events(first: 50) {
    edges {
      node {
        row
        at
        kind
        action
        reason
        text
        by
      }
    }
  }
}`) as unknown as TypedDocumentString<SiteCasesQuery, SiteCasesQueryVariables>;
export const ModerationDecideDocument = new TypedDocumentString(`
    mutation ModerationDecide($input: ModerationDecideInput!) {
  moderationDecide(input: $input) {
    case {
      submissionId
    }
  }
}
    `) as unknown as TypedDocumentString<ModerationDecideMutation, ModerationDecideMutationVariables>;
export const ModerationAppealDocument = new TypedDocumentString(`
    mutation ModerationAppeal($input: ModerationAppealInput!) {
  moderationAppeal(input: $input) {
    case {
      submissionId
    }
  }
}
    `) as unknown as TypedDocumentString<ModerationAppealMutation, ModerationAppealMutationVariables>;
export const PostReportDocument = new TypedDocumentString(`
    mutation PostReport($input: PostReportInput!) {
  postReport(input: $input) {
    case {
      submissionId
    }
  }
}
    `) as unknown as TypedDocumentString<PostReportMutation, PostReportMutationVariables>;
export const OverviewDocument = new TypedDocumentString(`
    query Overview($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $filter: ReportFilter, $interval: Interval!, $base: RangeInput!, $hasBase: Boolean!) {
  site(siteId: $siteId) {
    ...SiteSummary
    latest: posts(first: 1) {
      edges {
        node {
          postId
        }
      }
    }
    named: posts(first: 100) {
      edges {
        node {
          postId
          url
          title
        }
      }
    }
    findings(first: 3) {
      edges {
        node {
          ...Finding
          country
        }
      }
    }
    recent: report(lastDays: 30) {
      sections {
        totals {
          views
          delivery {
            bytesSaved
          }
        }
      }
    }
    report(range: $range, days: $days, lastDays: $lastDays, filter: $filter) {
      to
      annotations {
        ...Annotation
      }
      compare(
        range: $base
        metrics: [
          VIEWS
          SPEED_LCP
          RELIABILITY_VIEW_SUCCESS_RATIO
          DELIVERY_PEER_HIT_RATIO
          DELIVERY_RESIDUAL_ORIGIN_LOAD
          ENGAGEMENT_ENGAGED_MS
        ]
      ) @include(if: $hasBase) {
        ...Compared
      }
      sections {
        totals {
          ...MainFigures
        }
        series(interval: $interval) {
          start
          metrics {
            ...Trends
          }
        }
        countries: breakdown(by: COUNTRY, first: 250) {
          key
          metrics {
            ...Figures
          }
        }
        posts: breakdown(by: POST, first: 10) {
          key
          metrics {
            ...Figures
          }
        }
      }
    }
  }
  ...SiteChoice
}
    fragment Annotation on Annotation {
  id
  kind
  at
  subject
  text
  mayRemove
}
fragment Finding on Finding {
  id
  title
  sentence
  action
  link
  samples
  minSamples
  firstFoundAt
  dismissedAt
  reasons {
    kind
    sentence
  }
}
fragment MainFigures on Metrics {
  views
  reliability {
    viewSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    residualOriginLoad
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Trends on Metrics {
  views
  reliability {
    viewSuccessRatio
  }
  speed {
    lcp {
      value
    }
  }
  delivery {
    peerHitRatio
    residualOriginLoad
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      value
    }
  }
}
fragment SiteSummary on Site {
  siteId
  url
  name
  timeZone
  disconnectedAt
  mayConfigure
  mayReadEvidence
  mayWrite
}
fragment SiteChoice on Query {
  sites(first: 100) {
    edges {
      node {
        siteId
        name
      }
    }
  }
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Compared on MetricsComparison {
  changes {
    ...Change
  }
}
fragment Change on MetricChange {
  metric
  value
  baseline
  ratio
  interval {
    low
    high
  }
  enough
  conclusive
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const PostsDocument = new TypedDocumentString(`
    query Posts($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $byMetric: Boolean!, $search: String, $orderBy: PostOrder!, $first: Int, $after: String, $last: Int, $before: String, $metric: MetricName!, $direction: OrderDirection!, $rows: Int!, $rowsAfter: String) {
  site(siteId: $siteId) {
    posts(
      search: $search
      orderBy: $orderBy
      first: $first
      after: $after
      last: $last
      before: $before
    ) @skip(if: $byMetric) {
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        node {
          ...ListedPost
        }
      }
    }
    report(range: $range, days: $days, lastDays: $lastDays) {
      rows(
        by: [POST]
        search: $search
        orderBy: { metric: $metric, direction: $direction }
        first: $rows
        after: $rowsAfter
      ) @include(if: $byMetric) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          value
          node {
            values {
              key
            }
            node {
              ...ListedPost
            }
            metrics {
              ...Figures
            }
          }
        }
      }
      sections {
        posts: breakdown(by: POST, first: 500) @skip(if: $byMetric) {
          key
          metrics {
            ...Figures
          }
        }
      }
    }
  }
}
    fragment ListedPost on Post {
  postId
  url
  title
  version
  revoked
  publishedAt
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<PostsQuery, PostsQueryVariables>;
export const PostPageDocument = new TypedDocumentString(`
    query PostPage($siteId: String!, $postId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $interval: Interval!) {
  site(siteId: $siteId) {
    post(postId: $postId) {
      postId
      url
      title
      version
      revoked
      publishedAt
      receipt {
        result
        at
        code
        message
        leftOut {
          reason
          url
          count
        }
      }
      publications {
        ...Annotation
      }
      assets {
        assetId
        url
        type
        size
      }
      sharedPost {
        title
        sharedAt
        isShown
        score {
          upVotes
          downVotes
        }
        reasons {
          host
          reason
        }
      }
      report(range: $range, days: $days, lastDays: $lastDays) {
        to
        sections {
          totals {
            ...MainFigures
          }
          series(interval: $interval) {
            start
            metrics {
              ...Trends
            }
          }
          countries: breakdown(by: COUNTRY, first: 50) {
            key
            metrics {
              ...Figures
            }
          }
          referrers: breakdown(by: REFERRER_CLASS, first: 20) {
            key
            metrics {
              ...Figures
            }
          }
        }
      }
    }
  }
}
    fragment Annotation on Annotation {
  id
  kind
  at
  subject
  text
  mayRemove
}
fragment MainFigures on Metrics {
  views
  reliability {
    viewSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    residualOriginLoad
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Trends on Metrics {
  views
  reliability {
    viewSuccessRatio
  }
  speed {
    lcp {
      value
    }
  }
  delivery {
    peerHitRatio
    residualOriginLoad
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      value
    }
  }
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<PostPageQuery, PostPageQueryVariables>;
export const RegionsDocument = new TypedDocumentString(`
    query Regions($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $filter: ReportFilter) {
  site(siteId: $siteId) {
    ...LaggingRegions
    report(range: $range, days: $days, lastDays: $lastDays, filter: $filter) {
      sections {
        countries: breakdown(by: COUNTRY, first: 250) {
          key
          metrics {
            ...Figures
          }
        }
        networks: breakdown(by: NETWORK, first: 100) {
          key
          metrics {
            ...Figures
          }
        }
      }
    }
  }
}
    fragment LaggingRegions on Site {
  regions {
    state
    season
    weeks
    regions(lagging: true) {
      country
      visitsRatio
      recent {
        weekly
        share
      }
      earlier {
        weekly
        share
      }
      test {
        oddsRatio
        adjustedPValue
      }
      reasons {
        kind
        sentence
      }
    }
    subdivisions {
      ...Subdivision
    }
  }
}
fragment Subdivision on SubdivisionVisibility {
  subdivision
  lags
  samples
  recent {
    weekly
    share
  }
  earlier {
    weekly
    share
  }
  test {
    oddsRatio
    adjustedPValue
  }
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<RegionsQuery, RegionsQueryVariables>;
export const SubdivisionsDocument = new TypedDocumentString(`
    query Subdivisions($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $filter: ReportFilter) {
  site(siteId: $siteId) {
    ...LaggingRegions
    report(range: $range, days: $days, lastDays: $lastDays, filter: $filter) {
      sections {
        subdivisions: breakdown(by: SUBDIVISION, first: 250) {
          key
          metrics {
            ...Figures
          }
        }
        networks: breakdown(by: NETWORK, first: 100) {
          key
          metrics {
            ...Figures
          }
        }
      }
    }
  }
}
    fragment LaggingRegions on Site {
  regions {
    state
    season
    weeks
    regions(lagging: true) {
      country
      visitsRatio
      recent {
        weekly
        share
      }
      earlier {
        weekly
        share
      }
      test {
        oddsRatio
        adjustedPValue
      }
      reasons {
        kind
        sentence
      }
    }
    subdivisions {
      ...Subdivision
    }
  }
}
fragment Subdivision on SubdivisionVisibility {
  subdivision
  lags
  samples
  recent {
    weekly
    share
  }
  earlier {
    weekly
    share
  }
  test {
    oddsRatio
    adjustedPValue
  }
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<SubdivisionsQuery, SubdivisionsQueryVariables>;
export const SearchPerformanceDocument = new TypedDocumentString(`
    query SearchPerformance($siteId: String!, $by: SearchListKind!, $orderBy: SearchListOrder!, $first: Int!, $after: String, $firstDay: String, $lastDay: String) {
  site(siteId: $siteId) {
    searchPerformance(firstDay: $firstDay, lastDay: $lastDay) {
      ...SearchTotals
      list(by: $by, orderBy: $orderBy, first: $first, after: $after) {
        ...SearchListed
      }
    }
  }
}
    fragment SearchTotals on SearchPerformance {
  firstDay
  lastDay
  total {
    clicks
    impressions
    ctr
    position
    days
  }
}
fragment SearchListed on SearchList {
  listed {
    clicks
    impressions
  }
  page {
    endCursor
    hasNextPage
    rows {
      ...SearchRow
    }
  }
}
fragment SearchRow on SearchRow {
  key
  clicks
  impressions
  ctr
  position
}`) as unknown as TypedDocumentString<SearchPerformanceQuery, SearchPerformanceQueryVariables>;
export const SearchImportDocument = new TypedDocumentString(`
    mutation SearchImport($input: SearchImportInput!) {
  searchImport(input: $input) {
    recent {
      ...ImportedExport
    }
    earlier {
      ...ImportedExport
    }
  }
}
    fragment ImportedExport on ImportedSearchExport {
  firstDay
  lastDay
  countries
  unknownNames
}`) as unknown as TypedDocumentString<SearchImportMutation, SearchImportMutationVariables>;
export const SearchDocument = new TypedDocumentString(`
    query Search($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int) {
  site(siteId: $siteId) {
    searchConsole {
      problem
      detail
    }
    regions {
      languages {
        ...Language
      }
    }
    searchPerformance {
      ...SearchTotals
      list(by: QUERY, orderBy: CLICKS, first: 25) {
        ...SearchListed
      }
    }
    report(range: $range, days: $days, lastDays: $lastDays) {
      search {
        landingPages(first: 25) {
          ...LandingPage
        }
      }
      sections {
        classes: breakdown(by: REFERRER_CLASS, first: 50) {
          key
          metrics {
            ...Figures
          }
        }
        engines: breakdown(by: SEARCH_ENGINE, first: 100) {
          key
          metrics {
            ...Figures
          }
        }
        assistants: breakdown(by: ASSISTANT, first: 100) {
          key
          metrics {
            ...Figures
          }
        }
      }
    }
  }
}
    fragment SearchTotals on SearchPerformance {
  firstDay
  lastDay
  total {
    clicks
    impressions
    ctr
    position
    days
  }
}
fragment SearchListed on SearchList {
  listed {
    clicks
    impressions
  }
  page {
    endCursor
    hasNextPage
    rows {
      ...SearchRow
    }
  }
}
fragment SearchRow on SearchRow {
  key
  clicks
  impressions
  ctr
  position
}
fragment Language on LanguageFigures {
  language
  recent {
    clicks
    impressions
  }
  earlier {
    clicks
    impressions
  }
}
fragment LandingPage on SearchSource {
  key
  visits
  engagedMs {
    ...Estimate
  }
  scrollDepth {
    ...Estimate
  }
  sessions {
    bounceRatio
  }
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<SearchQuery, SearchQueryVariables>;
export const LandingPagesDocument = new TypedDocumentString(`
    query LandingPages($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $filter: ReportFilter!, $after: String) {
  site(siteId: $siteId) {
    report(range: $range, days: $days, lastDays: $lastDays, filter: $filter) {
      rows(by: [URL], first: 250, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          values {
            key
          }
          metrics {
            views
            engagement {
              engagedMs {
                ...Estimate
              }
              scrollDepth {
                ...Estimate
              }
            }
          }
          sessions {
            bounceRatio
          }
        }
      }
    }
  }
}
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}`) as unknown as TypedDocumentString<LandingPagesQuery, LandingPagesQueryVariables>;
export const SeedsDocument = new TypedDocumentString(`
    query Seeds($siteId: String!) {
  site(siteId: $siteId) {
    seedCredit
    seedsGave(days: 30, first: 100) {
      edges {
        node {
          ...LentDay
        }
      }
    }
    seedsReceived(days: 30, first: 100) {
      edges {
        node {
          ...LentDay
        }
      }
    }
    ownSeeds(first: 20) {
      edges {
        node {
          ...Seed
        }
      }
    }
    offeredSeeds(first: 50) {
      edges {
        node {
          ...Seed
        }
      }
    }
    seedGrants(first: 50) {
      edges {
        node {
          id
          seed
          maxBytes
          bytesPerDay
          expiresAt
          revokedAt
          offer {
            owner
            country
          }
        }
      }
    }
  }
}
    fragment Seed on SeedOffer {
  seed
  owner
  country
  maxBytes
  bytesPerDay
  expiresAt
  seenAt
  revokedAt
  revokedReason
}
fragment LentDay on LentDay {
  day
  seed
  giver
  receiver
  country
  bytes
  networks
}`) as unknown as TypedDocumentString<SeedsQuery, SeedsQueryVariables>;
export const SeedGrantMakeDocument = new TypedDocumentString(`
    mutation SeedGrantMake($input: SeedGrantMakeInput!) {
  seedGrantMake(input: $input) {
    grant {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<SeedGrantMakeMutation, SeedGrantMakeMutationVariables>;
export const SeedGrantRevokeDocument = new TypedDocumentString(`
    mutation SeedGrantRevoke($input: SeedGrantRevokeInput!) {
  seedGrantRevoke(input: $input) {
    site {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<SeedGrantRevokeMutation, SeedGrantRevokeMutationVariables>;
export const SiteKeysDocument = new TypedDocumentString(`
    query SiteKeys($siteId: String!) {
  site(siteId: $siteId) {
    publicKey
    formerKeysUntil
  }
}
    `) as unknown as TypedDocumentString<SiteKeysQuery, SiteKeysQueryVariables>;
export const SigningKeyRotateDocument = new TypedDocumentString(`
    mutation SigningKeyRotate($input: SigningKeyRotateInput!) {
  signingKeyRotate(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<SigningKeyRotateMutation, SigningKeyRotateMutationVariables>;
export const WebhookSecretRotateDocument = new TypedDocumentString(`
    mutation WebhookSecretRotate($input: WebhookSecretRotateInput!) {
  webhookSecretRotate(input: $input) {
    secret
  }
}
    `) as unknown as TypedDocumentString<WebhookSecretRotateMutation, WebhookSecretRotateMutationVariables>;
export const SiteMembersDocument = new TypedDocumentString(`
    query SiteMembers($siteId: String!) {
  site(siteId: $siteId) {
    membersConnection(first: 100) {
      edges {
        node {
          role
          since
          account {
            accountId
            email
            name
          }
        }
      }
      pageInfo {
        hasNextPage
      }
    }
    invitations {
      invitationId
      email
      role
      expiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<SiteMembersQuery, SiteMembersQueryVariables>;
export const MemberInviteDocument = new TypedDocumentString(`
    mutation MemberInvite($input: MemberInviteInput!) {
  memberInvite(input: $input) {
    link
    isMailed
  }
}
    `) as unknown as TypedDocumentString<MemberInviteMutation, MemberInviteMutationVariables>;
export const InvitationRevokeDocument = new TypedDocumentString(`
    mutation InvitationRevoke($input: InvitationRevokeInput!) {
  invitationRevoke(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<InvitationRevokeMutation, InvitationRevokeMutationVariables>;
export const MemberRoleSetDocument = new TypedDocumentString(`
    mutation MemberRoleSet($input: MemberRoleSetInput!) {
  memberRoleSet(input: $input) {
    member {
      role
    }
  }
}
    `) as unknown as TypedDocumentString<MemberRoleSetMutation, MemberRoleSetMutationVariables>;
export const MemberRemoveDocument = new TypedDocumentString(`
    mutation MemberRemove($input: MemberRemoveInput!) {
  memberRemove(input: $input) {
    wasMember
  }
}
    `) as unknown as TypedDocumentString<MemberRemoveMutation, MemberRemoveMutationVariables>;
export const SitePublicReportDocument = new TypedDocumentString(`
    query SitePublicReport($siteId: String!) {
  site(siteId: $siteId) {
    publicReport {
      path
      createdAt
    }
  }
}
    `) as unknown as TypedDocumentString<SitePublicReportQuery, SitePublicReportQueryVariables>;
export const PublicReportPublishDocument = new TypedDocumentString(`
    mutation PublicReportPublish($input: PublicReportPublishInput!) {
  publicReportPublish(input: $input) {
    publicReport {
      path
    }
  }
}
    `) as unknown as TypedDocumentString<PublicReportPublishMutation, PublicReportPublishMutationVariables>;
export const PublicReportRevokeDocument = new TypedDocumentString(`
    mutation PublicReportRevoke($input: PublicReportRevokeInput!) {
  publicReportRevoke(input: $input) {
    wasPublic
  }
}
    `) as unknown as TypedDocumentString<PublicReportRevokeMutation, PublicReportRevokeMutationVariables>;
export const ReportSchedulesDocument = new TypedDocumentString(`
    query ReportSchedules($siteId: String!) {
  site(siteId: $siteId) {
    channels {
      channelId
      kind
      target
    }
    reportSchedules {
      scheduleId
      cadence
      lastPeriod
      channels {
        channelId
        kind
        target
        unsubscribedAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReportSchedulesQuery, ReportSchedulesQueryVariables>;
export const ReportScheduleAddDocument = new TypedDocumentString(`
    mutation ReportScheduleAdd($input: ReportScheduleAddInput!) {
  reportScheduleAdd(input: $input) {
    schedule {
      scheduleId
    }
  }
}
    `) as unknown as TypedDocumentString<ReportScheduleAddMutation, ReportScheduleAddMutationVariables>;
export const ReportScheduleRemoveDocument = new TypedDocumentString(`
    mutation ReportScheduleRemove($input: ReportScheduleRemoveInput!) {
  reportScheduleRemove(input: $input) {
    wasThere
  }
}
    `) as unknown as TypedDocumentString<ReportScheduleRemoveMutation, ReportScheduleRemoveMutationVariables>;
export const SearchConsoleDocument = new TypedDocumentString(`
    query SearchConsole($siteId: String!) {
  site(siteId: $siteId) {
    canConsent
    searchConsole {
      kind
      account
      property
      connectedAt
      importedAt
      problem
      detail
      resumeAt
      progress {
        days
        firstDay
        lastDay
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SearchConsoleQuery, SearchConsoleQueryVariables>;
export const SearchPropertiesDocument = new TypedDocumentString(`
    query SearchProperties($siteId: String!) {
  site(siteId: $siteId) {
    searchProperties
  }
}
    `) as unknown as TypedDocumentString<SearchPropertiesQuery, SearchPropertiesQueryVariables>;
export const SearchConsoleConsentDocument = new TypedDocumentString(`
    mutation SearchConsoleConsent($input: SearchConsoleConsentInput!) {
  searchConsoleConsent(input: $input) {
    url
  }
}
    `) as unknown as TypedDocumentString<SearchConsoleConsentMutation, SearchConsoleConsentMutationVariables>;
export const SearchConsoleCompleteDocument = new TypedDocumentString(`
    mutation SearchConsoleComplete($input: SearchConsoleCompleteInput!) {
  searchConsoleComplete(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<SearchConsoleCompleteMutation, SearchConsoleCompleteMutationVariables>;
export const SearchConsoleConnectDocument = new TypedDocumentString(`
    mutation SearchConsoleConnect($input: SearchConsoleConnectInput!) {
  searchConsoleConnect(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<SearchConsoleConnectMutation, SearchConsoleConnectMutationVariables>;
export const SearchConsoleChooseDocument = new TypedDocumentString(`
    mutation SearchConsoleChoose($input: SearchConsoleChooseInput!) {
  searchConsoleChoose(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<SearchConsoleChooseMutation, SearchConsoleChooseMutationVariables>;
export const SearchConsoleDisconnectDocument = new TypedDocumentString(`
    mutation SearchConsoleDisconnect($input: SearchConsoleDisconnectInput!) {
  searchConsoleDisconnect(input: $input) {
    wasThere
  }
}
    `) as unknown as TypedDocumentString<SearchConsoleDisconnectMutation, SearchConsoleDisconnectMutationVariables>;
export const SiteSettingsDocument = new TypedDocumentString(`
    query SiteSettings($siteId: String!) {
  site(siteId: $siteId) {
    siteId
    url
    name
    timeZone
    origins
    mode
    consent
    mayConfigure
    savingsRates {
      pricePerGigabyte
      currency
      carbonPerGigabyte
      isDefaultCarbon
    }
  }
}
    `) as unknown as TypedDocumentString<SiteSettingsQuery, SiteSettingsQueryVariables>;
export const SiteConfigureDocument = new TypedDocumentString(`
    mutation SiteConfigure($input: SiteConfigureInput!) {
  siteConfigure(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<SiteConfigureMutation, SiteConfigureMutationVariables>;
export const SitePolicySetDocument = new TypedDocumentString(`
    mutation SitePolicySet($input: SitePolicySetInput!) {
  sitePolicySet(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<SitePolicySetMutation, SitePolicySetMutationVariables>;
export const SiteTokensDocument = new TypedDocumentString(`
    query SiteTokens($siteId: String!) {
  site(siteId: $siteId) {
    tokensConnection(first: 100) {
      edges {
        node {
          tokenId
          name
          scopes
          createdAt
          expiresAt
          usedAt
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SiteTokensQuery, SiteTokensQueryVariables>;
export const TokenCreateDocument = new TypedDocumentString(`
    mutation TokenCreate($input: TokenCreateInput!) {
  tokenCreate(input: $input) {
    secret
  }
}
    `) as unknown as TypedDocumentString<TokenCreateMutation, TokenCreateMutationVariables>;
export const TokenRevokeDocument = new TypedDocumentString(`
    mutation TokenRevoke($input: TokenRevokeInput!) {
  tokenRevoke(input: $input) {
    wasValid
  }
}
    `) as unknown as TypedDocumentString<TokenRevokeMutation, TokenRevokeMutationVariables>;
export const SeedTokensRotateDocument = new TypedDocumentString(`
    mutation SeedTokensRotate($input: SeedTokensRotateInput!) {
  seedTokensRotate(input: $input) {
    secret
  }
}
    `) as unknown as TypedDocumentString<SeedTokensRotateMutation, SeedTokensRotateMutationVariables>;
export const SiteFrameDocument = new TypedDocumentString(`
    query SiteFrame($siteId: String!) {
  site(siteId: $siteId) {
    ...SiteSummary
  }
  ...SiteChoice
}
    fragment SiteSummary on Site {
  siteId
  url
  name
  timeZone
  disconnectedAt
  mayConfigure
  mayReadEvidence
  mayWrite
}
fragment SiteChoice on Query {
  sites(first: 100) {
    edges {
      node {
        siteId
        name
      }
    }
  }
}`) as unknown as TypedDocumentString<SiteFrameQuery, SiteFrameQueryVariables>;
export const SpeedDocument = new TypedDocumentString(`
    query Speed($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $filter: ReportFilter, $interval: Interval!, $base: RangeInput!, $hasBase: Boolean!) {
  site(siteId: $siteId) {
    report(range: $range, days: $days, lastDays: $lastDays, filter: $filter) {
      to
      annotations {
        ...Annotation
      }
      compare(
        range: $base
        metrics: [SPEED_LCP, SPEED_INP, SPEED_CLS, SPEED_FCP, SPEED_TTFB]
      ) @include(if: $hasBase) {
        ...Compared
      }
      sections {
        totals {
          views
          speed {
            ...Vitals
          }
          ratings {
            ...VitalRatings
          }
        }
        series(interval: $interval) {
          start
          metrics {
            speed {
              lcp {
                ...Estimate
              }
            }
          }
        }
        elements: breakdown(by: LCP_TARGET, first: 100) {
          ...SlowRow
        }
        pictures: breakdown(by: LCP_URL, first: 100) {
          ...SlowRow
        }
        interactions: breakdown(by: INP_TARGET, first: 100) {
          ...SlowRow
        }
        shifts: breakdown(by: CLS_TARGET, first: 100) {
          ...SlowRow
        }
        devices: breakdown(by: DEVICE, first: 10) {
          key
          metrics {
            ...Figures
          }
        }
        connections: breakdown(by: CONNECTION, first: 10) {
          key
          metrics {
            ...Figures
          }
        }
      }
    }
  }
}
    fragment Annotation on Annotation {
  id
  kind
  at
  subject
  text
  mayRemove
}
fragment Vitals on Speed {
  lcp {
    ...Estimate
  }
  inp {
    ...Estimate
  }
  cls {
    ...Estimate
  }
  fcp {
    ...Estimate
  }
  ttfb {
    ...Estimate
  }
}
fragment VitalRatings on VitalRatings {
  lcp {
    ...Rating
  }
  inp {
    ...Rating
  }
  cls {
    ...Rating
  }
  fcp {
    ...Rating
  }
  ttfb {
    ...Rating
  }
}
fragment Rating on Ratings {
  good
  needsImprovement
  poor
}
fragment SlowRow on BreakdownRow {
  key
  metrics {
    views
    speed {
      lcp {
        ...Estimate
      }
      inp {
        ...Estimate
      }
      cls {
        ...Estimate
      }
    }
  }
}
fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Compared on MetricsComparison {
  changes {
    ...Change
  }
}
fragment Change on MetricChange {
  metric
  value
  baseline
  ratio
  interval {
    low
    high
  }
  enough
  conclusive
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<SpeedQuery, SpeedQueryVariables>;
export const AdviceDocument = new TypedDocumentString(`
    query Advice($siteId: String!) {
  site(siteId: $siteId) {
    advice(first: 100) {
      edges {
        node {
          ...Advice
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
    fragment Advice on Advice {
  kind
  postId
  url
  title
  description
  pixels
  maxPixels
  sameAs
  proposal
}`) as unknown as TypedDocumentString<AdviceQuery, AdviceQueryVariables>;
export const PageTrialsDocument = new TypedDocumentString(`
    query PageTrials($siteId: String!) {
  site(siteId: $siteId) {
    pageTrials(first: 10) {
      edges {
        node {
          ...PageTrial
        }
      }
    }
  }
}
    fragment PageTrial on PageTrial {
  id
  trialId
  kind
  startedBy
  startedAt
  endedAt
  rolledBackAt
  rolledBackBy
  effect {
    readyAt
    searchVisits {
      ...MeasuredEffect
    }
    engagedTime {
      ...MeasuredEffect
    }
  }
}
fragment MeasuredEffect on MeasuredEffect {
  isEnough
  effect
  low
  high
  changedPages
  waitingPages
}`) as unknown as TypedDocumentString<PageTrialsQuery, PageTrialsQueryVariables>;
export const TrialPagesDocument = new TypedDocumentString(`
    query TrialPages($id: ID!) {
  node(id: $id) {
    ... on PageTrial {
      changes(first: 100) {
        edges {
          node {
            postId
            url
            isChangedHalf
            title
            description
            seenTitle
            seenDescription
            status
            place
            error
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TrialPagesQuery, TrialPagesQueryVariables>;
export const PageTrialStartDocument = new TypedDocumentString(`
    mutation PageTrialStart($input: PageTrialStartInput!) {
  pageTrialStart(input: $input) {
    trial {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PageTrialStartMutation, PageTrialStartMutationVariables>;
export const PageTrialRollBackDocument = new TypedDocumentString(`
    mutation PageTrialRollBack($input: PageTrialRollBackInput!) {
  pageTrialRollBack(input: $input) {
    trial {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PageTrialRollBackMutation, PageTrialRollBackMutationVariables>;
export const PageTrialEndDocument = new TypedDocumentString(`
    mutation PageTrialEnd($input: PageTrialEndInput!) {
  pageTrialEnd(input: $input) {
    trial {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<PageTrialEndMutation, PageTrialEndMutationVariables>;
export const DraftsDocument = new TypedDocumentString(`
    query Drafts($siteId: String!) {
  site(siteId: $siteId) {
    hasModel
    drafts(first: 20) {
      edges {
        node {
          ...DraftSummary
        }
      }
    }
  }
}
    fragment DraftSummary on Draft {
  id
  status
  language
  region
  writtenCharacters
  writtenSections
  problem
  approvedBy
  createdAt
  brief {
    id
    question
  }
  content {
    title
  }
  refusals {
    section
    claim
    code
    reason
  }
}`) as unknown as TypedDocumentString<DraftsQuery, DraftsQueryVariables>;
export const DraftProgressDocument = new TypedDocumentString(`
    subscription DraftProgress($ids: [ID!]!) {
  draftProgress(ids: $ids) {
    draftId
    status
    characters
    sections
    expectedSections
    tokens
    latestClaim
    gates
    expectedGates
    refusals {
      section
      claim
      code
      reason
    }
    problem
  }
}
    `) as unknown as TypedDocumentString<DraftProgressSubscription, DraftProgressSubscriptionVariables>;
export const DraftTextDocument = new TypedDocumentString(`
    query DraftText($id: ID!) {
  node(id: $id) {
    ... on Draft {
      content {
        title
        description
        sections {
          heading
          claims {
            text
            evidenceIds
            refusals {
              code
              reason
            }
          }
        }
      }
      evidence {
        ...Evidence
      }
    }
  }
}
    fragment Evidence on Evidence {
  id
  evidenceId
  source
  date
  region
  language
  title
  text
  url
}`) as unknown as TypedDocumentString<DraftTextQuery, DraftTextQueryVariables>;
export const DraftRequestDocument = new TypedDocumentString(`
    mutation DraftRequest($input: DraftRequestInput!) {
  draftRequest(input: $input) {
    draft {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<DraftRequestMutation, DraftRequestMutationVariables>;
export const DraftCancelDocument = new TypedDocumentString(`
    mutation DraftCancel($input: DraftCancelInput!) {
  draftCancel(input: $input) {
    draft {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<DraftCancelMutation, DraftCancelMutationVariables>;
export const DraftApproveDocument = new TypedDocumentString(`
    mutation DraftApprove($input: DraftApproveInput!) {
  draftApprove(input: $input) {
    draft {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<DraftApproveMutation, DraftApproveMutationVariables>;
export const DraftSendAgainDocument = new TypedDocumentString(`
    mutation DraftSendAgain($input: DraftSendAgainInput!) {
  draftSendAgain(input: $input) {
    draft {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<DraftSendAgainMutation, DraftSendAgainMutationVariables>;
export const SiteEvidenceDocument = new TypedDocumentString(`
    query SiteEvidence($siteId: String!, $sources: [EvidenceSource!], $after: String) {
  site(siteId: $siteId) {
    evidence(first: 20, after: $after, sources: $sources) {
      edges {
        node {
          ...Evidence
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment Evidence on Evidence {
  id
  evidenceId
  source
  date
  region
  language
  title
  text
  url
}`) as unknown as TypedDocumentString<SiteEvidenceQuery, SiteEvidenceQueryVariables>;
export const UploadsDocument = new TypedDocumentString(`
    query Uploads($siteId: String!) {
  site(siteId: $siteId) {
    uploads(first: 100) {
      edges {
        node {
          id
          name
          kind
          uploadedAt
          uploadedBy
          items
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UploadsQuery, UploadsQueryVariables>;
export const EvidenceUploadDocument = new TypedDocumentString(`
    mutation EvidenceUpload($input: EvidenceUploadInput!) {
  evidenceUpload(input: $input) {
    upload {
      id
      name
      items
    }
  }
}
    `) as unknown as TypedDocumentString<EvidenceUploadMutation, EvidenceUploadMutationVariables>;
export const EvidenceUploadRemoveDocument = new TypedDocumentString(`
    mutation EvidenceUploadRemove($input: EvidenceUploadRemoveInput!) {
  evidenceUploadRemove(input: $input) {
    upload {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<EvidenceUploadRemoveMutation, EvidenceUploadRemoveMutationVariables>;
export const SearchQueriesImportDocument = new TypedDocumentString(`
    mutation SearchQueriesImport($input: SearchQueriesImportInput!) {
  searchQueriesImport(input: $input) {
    queryCount
  }
}
    `) as unknown as TypedDocumentString<SearchQueriesImportMutation, SearchQueriesImportMutationVariables>;
export const LocalModelsDocument = new TypedDocumentString(`
    query LocalModels {
  localModels {
    ...LocalModels
  }
}
    fragment LocalModels on LocalModels {
  isInstalled
  isInstalling
  problem
  models {
    name
    state
    bytes
    totalBytes
    problem
  }
}`) as unknown as TypedDocumentString<LocalModelsQuery, LocalModelsQueryVariables>;
export const LocalModelsInstallDocument = new TypedDocumentString(`
    mutation LocalModelsInstall {
  localModelsInstall {
    ...LocalModels
  }
}
    fragment LocalModels on LocalModels {
  isInstalled
  isInstalling
  problem
  models {
    name
    state
    bytes
    totalBytes
    problem
  }
}`) as unknown as TypedDocumentString<LocalModelsInstallMutation, LocalModelsInstallMutationVariables>;
export const LocalModelFetchDocument = new TypedDocumentString(`
    mutation LocalModelFetch($input: LocalModelFetchInput!) {
  localModelFetch(input: $input) {
    localModels {
      ...LocalModels
    }
  }
}
    fragment LocalModels on LocalModels {
  isInstalled
  isInstalling
  problem
  models {
    name
    state
    bytes
    totalBytes
    problem
  }
}`) as unknown as TypedDocumentString<LocalModelFetchMutation, LocalModelFetchMutationVariables>;
export const LocalModelRemoveDocument = new TypedDocumentString(`
    mutation LocalModelRemove($input: LocalModelRemoveInput!) {
  localModelRemove(input: $input) {
    wasThere
  }
}
    `) as unknown as TypedDocumentString<LocalModelRemoveMutation, LocalModelRemoveMutationVariables>;
export const ModelDocument = new TypedDocumentString(`
    query Model($siteId: String!) {
  site(siteId: $siteId) {
    mayManageModels
    model {
      kind
      baseUrl
      name
      hasKey
      allowPrivateAddresses
      inputPrice
      outputPrice
      currency
      budget
      maxOutputTokens
      use {
        month
        tokens
        cost
        calls
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ModelQuery, ModelQueryVariables>;
export const ModelSetDocument = new TypedDocumentString(`
    mutation ModelSet($input: ModelSetInput!) {
  modelSet(input: $input) {
    model {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ModelSetMutation, ModelSetMutationVariables>;
export const ModelRemoveDocument = new TypedDocumentString(`
    mutation ModelRemove($input: ModelRemoveInput!) {
  modelRemove(input: $input) {
    wasThere
  }
}
    `) as unknown as TypedDocumentString<ModelRemoveMutation, ModelRemoveMutationVariables>;
export const BriefsDocument = new TypedDocumentString(`
    query Briefs($siteId: String!) {
  site(siteId: $siteId) {
    briefsMadeAt
    hasModel
    briefs(first: 30) {
      edges {
        node {
          ...Brief
        }
      }
    }
  }
}
    fragment Brief on Brief {
  id
  day
  rank
  kind
  question
  readers
  region
  language
  why
  score
  titles {
    text
    pixels
  }
  descriptions {
    text
    pixels
  }
  links {
    postId
    url
    title
  }
  updates {
    postId
    advice
    reason
  }
}`) as unknown as TypedDocumentString<BriefsQuery, BriefsQueryVariables>;
export const BriefEvidenceDocument = new TypedDocumentString(`
    query BriefEvidence($id: ID!) {
  node(id: $id) {
    ... on Brief {
      outline {
        heading
        evidence {
          evidenceId
          title
        }
      }
      facts(first: 20) {
        edges {
          node {
            ...Evidence
          }
        }
      }
    }
  }
}
    fragment Evidence on Evidence {
  id
  evidenceId
  source
  date
  region
  language
  title
  text
  url
}`) as unknown as TypedDocumentString<BriefEvidenceQuery, BriefEvidenceQueryVariables>;
export const BriefsRequestDocument = new TypedDocumentString(`
    mutation BriefsRequest($input: BriefsRequestInput!) {
  briefsRequest(input: $input) {
    site {
      siteId
    }
  }
}
    `) as unknown as TypedDocumentString<BriefsRequestMutation, BriefsRequestMutationVariables>;
export const YourAccountDocument = new TypedDocumentString(`
    query YourAccount {
  me {
    accountId
    name
    email
    isAdministrator
  }
}
    `) as unknown as TypedDocumentString<YourAccountQuery, YourAccountQueryVariables>;
export const AccountPasswordChangeDocument = new TypedDocumentString(`
    mutation AccountPasswordChange($input: AccountPasswordChangeInput!) {
  accountPasswordChange(input: $input) {
    changed
  }
}
    `) as unknown as TypedDocumentString<AccountPasswordChangeMutation, AccountPasswordChangeMutationVariables>;
export const AccountCloseDocument = new TypedDocumentString(`
    mutation AccountClose($input: AccountCloseInput!) {
  accountClose(input: $input) {
    closed
  }
}
    `) as unknown as TypedDocumentString<AccountCloseMutation, AccountCloseMutationVariables>;
export const OwnSignInDocument = new TypedDocumentString(`
    query OwnSignIn {
  ownSignIn {
    hasPassword
    providerName
    passkeys {
      passkeyId
      name
      isSynced
      createdAt
      usedAt
    }
    providerLinks {
      providerLinkId
      email
      createdAt
      usedAt
    }
    sessions {
      sessionId
      isCurrent
      network
      way
      createdAt
      seenAt
    }
  }
}
    `) as unknown as TypedDocumentString<OwnSignInQuery, OwnSignInQueryVariables>;
export const PasskeyRenameDocument = new TypedDocumentString(`
    mutation PasskeyRename($input: PasskeyRenameInput!) {
  passkeyRename(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<PasskeyRenameMutation, PasskeyRenameMutationVariables>;
export const PasskeyRemoveDocument = new TypedDocumentString(`
    mutation PasskeyRemove($input: PasskeyRemoveInput!) {
  passkeyRemove(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<PasskeyRemoveMutation, PasskeyRemoveMutationVariables>;
export const ProviderUnlinkDocument = new TypedDocumentString(`
    mutation ProviderUnlink($input: ProviderUnlinkInput!) {
  providerUnlink(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ProviderUnlinkMutation, ProviderUnlinkMutationVariables>;
export const SessionEndDocument = new TypedDocumentString(`
    mutation SessionEnd($input: SessionEndInput!) {
  sessionEnd(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SessionEndMutation, SessionEndMutationVariables>;
export const SessionsEndDocument = new TypedDocumentString(`
    mutation SessionsEnd {
  sessionsEnd {
    ended
  }
}
    `) as unknown as TypedDocumentString<SessionsEndMutation, SessionsEndMutationVariables>;
export const AllRowsDocument = new TypedDocumentString(`
    query AllRows($siteId: String!, $range: RangeInput, $days: DaysInput, $lastDays: Int, $filter: ReportFilter, $by: Dimension!, $after: String) {
  site(siteId: $siteId) {
    report(range: $range, days: $days, lastDays: $lastDays, filter: $filter) {
      rows(by: [$by], first: 500, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          label
          values {
            key
          }
          metrics {
            ...Figures
            speed {
              inp {
                ...Estimate
              }
              cls {
                ...Estimate
              }
            }
          }
        }
      }
    }
  }
}
    fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<AllRowsQuery, AllRowsQueryVariables>;