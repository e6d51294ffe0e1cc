import { rowTime, type ViewRow } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'
import type { BeaconContext } from '../beacon-context.ts'
import type { Network } from './place.ts'

/** The data that the server adds to a beacon. */
export type Reception = Pick<
  BeaconContext,
  'receivedAt' | 'startedAt' | 'place' | 'agent' | 'referral' | 'visitor'
>

/** Returns the row of a beacon. */
export function viewRow(beacon: Beacon, reception: Reception): ViewRow {
  const { receivedAt, startedAt, place, agent, referral, visitor } = reception
  const { vitals, campaign, attribution, session, delivery, engagement } = beacon
  // Without the page runtime, figures of peers are unknown. That differs from figures of 0.
  const swarm = delivery && 'peers' in delivery ? delivery : null
  const { timing, longFrames, errors, actions, playback } = beacon
  return {
    site: beacon.site,
    view: beacon.view,
    sequence: beacon.sequence,
    started_at: rowTime(startedAt),
    received_at: rowTime(receivedAt),
    url: beacon.url,
    post: beacon.post,
    arm: beacon.arm,
    country: place.country,
    device: agent.device,
    browser: agent.browser,
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
    has_delivery: swarm !== null,
    assets_complete: delivery?.assets.complete ?? 0,
    assets_failed: delivery?.assets.failed ?? 0,
    bytes_peer: swarm?.bytes.peer ?? 0,
    bytes_seed: swarm?.bytes.seed ?? 0,
    bytes_mirror: swarm?.bytes.mirror ?? 0,
    bytes_origin: delivery?.bytes.origin ?? 0,
    bytes_cache: delivery?.bytes.cache ?? 0,
    wrong_bytes: swarm?.wrongBytes ?? 0,
    rejected_chunks: swarm?.rejectedChunks ?? 0,
    dropped_peers: swarm?.droppedPeers ?? 0,
    fallbacks: swarm?.fallbacks ?? 0,
    peers: swarm?.peers ?? 0,
    uploaded: swarm?.uploaded ?? 0,
    engaged_ms: engagement.engagedMs,
    scroll_depth: engagement.scrollDepth,
    sampling: beacon.sampling,
    hidden: beacon.hidden,
    timing_redirect: timing?.redirect ?? null,
    timing_lookup: timing?.lookup ?? null,
    timing_connect: timing?.connect ?? null,
    timing_tls: timing?.tls ?? null,
    timing_request: timing?.request ?? null,
    timing_response: timing?.response ?? null,
    timing_interactive: timing?.interactive ?? null,
    timing_content_loaded: timing?.contentLoaded ?? null,
    resources: beacon.resources,
    long_frames: longFrames?.count ?? null,
    long_frames_duration: longFrames?.duration ?? null,
    long_frames_blocking: longFrames?.blocking ?? null,
    script_errors: errors?.scripts ?? null,
    resource_errors: errors?.resources ?? null,
    error_samples: errors?.samples ?? null,
    interactions: actions?.interactions ?? null,
    copies: actions?.copies ?? null,
    outbound_clicks: actions?.outbound ?? null,
    download_clicks: actions?.downloads ?? null,
    events: beacon.events,
    played_ms: playback && Math.round(playback.played),
    stalled_ms: playback && Math.round(playback.stalled),
    stalls: playback?.stalls ?? null,
    subdivision: place.subdivision,
    network: place.network === null ? null : networkName(place.network),
    visitor,
  }
}

function networkName({ number, organisation }: Network): string {
  return `AS${number} ${organisation}`.trimEnd().slice(0, 100)
}
