import { rowTime, type ViewRow } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'
import type { Referral } from './referral.ts'
import { browserOf, deviceOf } from './user-agent.ts'

/** What the server adds to a beacon. */
export interface Reception {
  /** ms since the Unix epoch */
  readonly receivedAt: number
  readonly userAgent: string
  readonly country: string | null
  readonly referral: Referral
}

/**
 * A beacon as a row. The view's start is counted back from the reception by the reader's own stopwatch, so that a wrong
 * clock in the browser moves nothing.
 */
export function viewRow(beacon: Beacon, { receivedAt, userAgent, country, referral }: Reception): ViewRow {
  const { vitals, campaign, attribution, session, delivery, engagement } = beacon
  return {
    site: beacon.site,
    view: beacon.view,
    sequence: beacon.sequence,
    started_at: rowTime(receivedAt - beacon.age),
    received_at: rowTime(receivedAt),
    url: beacon.url,
    post: beacon.post,
    arm: beacon.arm,
    country,
    device: deviceOf(userAgent),
    browser: browserOf(userAgent),
    navigation: beacon.navigation,
    referrer: beacon.referrer,
    referrer_class: referral.class,
    search_engine: referral.searchEngine,
    assistant: referral.assistant,
    campaign_source: campaign?.source ?? null,
    campaign_medium: campaign?.medium ?? null,
    campaign_name: campaign?.name ?? null,
    campaign_term: campaign?.term ?? null,
    campaign_content: campaign?.content ?? null,
    session: session?.id ?? null,
    landing: session?.landing ?? null,
    connection: beacon.connection,
    lcp: vitals.lcp,
    inp: vitals.inp,
    cls: vitals.cls,
    fcp: vitals.fcp,
    ttfb: vitals.ttfb,
    load: beacon.load,
    lcp_target: attribution?.lcp.target ?? null,
    lcp_url: attribution?.lcp.url ?? null,
    lcp_time_to_first_byte: attribution?.lcp.timeToFirstByte ?? null,
    lcp_resource_load_delay: attribution?.lcp.resourceLoadDelay ?? null,
    lcp_resource_load_duration: attribution?.lcp.resourceLoadDuration ?? null,
    lcp_element_render_delay: attribution?.lcp.elementRenderDelay ?? null,
    inp_target: attribution?.inp.target ?? null,
    inp_input_delay: attribution?.inp.inputDelay ?? null,
    inp_processing_duration: attribution?.inp.processingDuration ?? null,
    inp_presentation_delay: attribution?.inp.presentationDelay ?? null,
    cls_target: attribution?.cls.target ?? null,
    has_delivery: delivery !== null,
    assets_complete: delivery?.assets.complete ?? 0,
    assets_failed: delivery?.assets.failed ?? 0,
    bytes_peer: delivery?.bytes.peer ?? 0,
    bytes_seed: delivery?.bytes.seed ?? 0,
    bytes_mirror: delivery?.bytes.mirror ?? 0,
    bytes_origin: delivery?.bytes.origin ?? 0,
    bytes_cache: delivery?.bytes.cache ?? 0,
    wrong_bytes: delivery?.wrongBytes ?? 0,
    rejected_chunks: delivery?.rejectedChunks ?? 0,
    dropped_peers: delivery?.droppedPeers ?? 0,
    fallbacks: delivery?.fallbacks ?? 0,
    peers: delivery?.peers ?? 0,
    uploaded: delivery?.uploaded ?? 0,
    engaged_ms: engagement.engagedMs,
    scroll_depth: engagement.scrollDepth,
  }
}
