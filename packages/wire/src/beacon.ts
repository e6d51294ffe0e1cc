import * as v from 'valibot'
import { fastCheck } from './encoding/fast-check.ts'
import type { UnknownFields } from './encoding/unknown-fields.ts'
import { postIdSchema, siteIdSchema, viewIdSchema } from './ids.ts'
import { checkJson } from './encoding/json.ts'
import { parseJson } from './encoding/parse-json.ts'
import { textSchema } from './encoding/text.ts'
import { urlSchema } from './encoding/url-schema.ts'

/** Maximum length of a beacon, characters of JSON. `navigator.sendBeacon` and `keepalive` carry no more. */
export const maxBeaconLength = 64 * 1024

/** Maximum number of beacons in one request, and the maximum length of such a list in characters of JSON. */
export const maxBatchBeacons = 50
export const maxBatchLength = 256 * 1024

/** Maximum length of an element's selector, characters. */
export const maxSelectorLength = 200

/** Maximum length of a campaign parameter's value, characters. */
export const maxCampaignLength = 100

/** Maximum number of errors per view whose text is reported. All errors are counted. */
export const maxErrorSamples = 3

/** Maximum length of an error's text, characters. */
export const maxErrorLength = 200

/** Maximum number of distinct custom event names per view. */
export const maxEvents = 20

const dayMs = 24 * 60 * 60 * 1000
/**
 * Limits of what one page view can plausibly count. Above them, a single forged beacon would outweigh all honest ones
 * in a sum.
 */
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000))
const byteCount = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 40))
const milliseconds = v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(dayMs)))

const deliverySchema = v.object({
  /** Assets of the post's manifest that the page requested, by outcome. */
  assets: v.object({ complete: count, failed: count }),
  /** Bytes of those assets, by source. */
  bytes: v.object({
    peer: byteCount,
    seed: byteCount,
    mirror: byteCount,
    origin: byteCount,
    cache: byteCount,
  }),
  /** Bytes delivered to the page that do not match the manifest according to the page's later audit. Must be 0. */
  wrongBytes: byteCount,
  /** Chunks from peers whose hash did not match. They were discarded, never delivered. */
  rejectedChunks: count,
  /** Peers dropped because of such a chunk. */
  droppedPeers: count,
  /** Requests that were sent to peers first and that the origin completed. */
  fallbacks: count,
  /** Peers that had an open connection at some time during the view. */
  peers: count,
  /** Bytes sent to other peers. */
  uploaded: byteCount,
})

/**
 * Delivery figures of a page without a peer runtime, from Resource Timing. They cover images and media, and no peers.
 */
const timedDeliverySchema = v.object({
  /** Assets whose end the browser reported. */
  assets: v.object({ complete: count, failed: count }),
  /** Bytes of the assets whose size the browser reported. */
  bytes: v.object({ origin: byteCount, cache: byteCount }),
})

const addressWithoutQuery = v.pipe(
  urlSchema,
  v.check((text) => !text.includes('?'), 'has a query'),
)
const selector = v.nullable(textSchema(maxSelectorLength))

/**
 * The causes of the vitals according to web-vitals; null where it reports none. A selector consists of ids and classes.
 */
const attributionSchema = v.object({
  lcp: v.object({
    /** Selector of the largest element. */
    target: selector,
    /** Address of the largest picture, without its query; null for text. */
    url: v.nullable(addressWithoutQuery),
    /** The parts whose sum is LCP, ms. Both resource parts are null if no resource was needed. */
    timeToFirstByte: milliseconds,
    resourceLoadDelay: milliseconds,
    resourceLoadDuration: milliseconds,
    elementRenderDelay: milliseconds,
  }),
  inp: v.object({
    /** Selector of the element that the reader interacted with. */
    target: selector,
    /** The phases whose sum is INP, ms. */
    inputDelay: milliseconds,
    processingDuration: milliseconds,
    presentationDelay: milliseconds,
  }),
  cls: v.object({
    /** Selector of the element that moved most in the largest shift. */
    target: selector,
  }),
})

/** A campaign parameter. A value with an `@` is refused, because it identifies a reader instead of a campaign. */
const campaignText = v.nullable(
  v.pipe(
    textSchema(maxCampaignLength),
    v.check((text) => !text.includes('@'), 'has an @'),
  ),
)

const campaignSchema = v.object({
  /** `utm_source`: the site or newsletter that linked to the page. */
  source: campaignText,
  /** `utm_medium` */
  medium: campaignText,
  /** `utm_campaign` */
  name: campaignText,
  /** `utm_term` */
  term: campaignText,
  /** `utm_content` */
  content: campaignText,
})

/**
 * Phases of loading the document, from Navigation Timing, ms. A phase is null if it did not happen or has not ended.
 */
const timingSchema = v.object({
  redirect: milliseconds,
  /** DNS lookup. */
  lookup: milliseconds,
  /** Connection set-up, including TLS. */
  connect: milliseconds,
  tls: milliseconds,
  /** From the request to the first byte of the response. */
  request: milliseconds,
  response: milliseconds,
  /** Measured from the start of the navigation, or from the activation of a prerendered page. */
  interactive: milliseconds,
  contentLoaded: milliseconds,
})

/** ms, summed over all players of a view. */
const playing = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(dayMs))
const total = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(7 * dayMs))

/** The resources of one type that a view loaded, from Resource Timing. */
const resourceSchema = v.object({
  type: v.picklist(['image', 'script', 'style', 'font', 'media', 'fetch', 'other']),
  count,
  /** Number of resources that came from the browser's cache. */
  cached: count,
  /** Sum of the durations, ms. */
  duration: total,
  /** Bytes over the network, including headers. Other origins hide them unless they send `Timing-Allow-Origin`. */
  bytes: byteCount,
})

const errorSampleSchema = v.object({
  /**
   * `script`: an uncaught error. `rejection`: an unhandled promise rejection. `resource`: a resource that failed to
   * load.
   */
  kind: v.picklist(['script', 'rejection', 'resource']),
  /** The message, or the name of the element. */
  text: textSchema(maxErrorLength),
  /** URL of the script, or of the resource that failed to load. */
  source: v.nullable(addressWithoutQuery),
  line: v.nullable(count),
})

const eventSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,39}$/)),
  count: v.pipe(count, v.minValue(1)),
  /** Sum of the values passed with the event; null if none was passed. */
  value: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(-1e15), v.maxValue(1e15))),
})

// Fields added after the first release are optional. A plugin ships its own copy of the SDK, which may be older than
// the server.
/** The schema of a beacon. */
export const beaconSchema = v.object({
  version: v.literal(1),
  site: siteIdSchema,
  /** A random id that the reader's browser draws for this page view. */
  view: viewIdSchema,
  /** Number of this snapshot within its view, starting at 1. The highest number wins. */
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10_000)),
  /** Time from the start of the view's navigation until this snapshot was sent, ms. */
  age: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(7 * dayMs)),
  /** The page's address without query and fragment. */
  url: addressWithoutQuery,
  post: v.nullable(postIdSchema),
  /** Ratio of sessions that are measured. One view stands for 1 ÷ `sampling` views. */
  sampling: v.optional(v.pipe(v.number(), v.minValue(0.0001), v.maxValue(1)), 1),
  /** Whether a program drives the browser (`navigator.webdriver`). */
  automated: v.exactOptional(v.boolean()),
  /** Whether the page was in the background when the view began. */
  hidden: v.optional(v.nullable(v.boolean()), null),
  /** `assisted` and `control` are eligible readers. `ineligible` readers could not or may not take part. */
  arm: v.picklist(['assisted', 'control', 'ineligible']),
  navigation: v.picklist([
    'navigate',
    'reload',
    'back-forward',
    'back-forward-cache',
    'prerender',
    'restore',
    // The page's own script changed the address.
    'soft-navigation',
  ]),
  /** Host name of the referring page; null if there is none. */
  referrer: v.nullable(v.pipe(v.string(), v.maxLength(253), v.regex(/^[a-z0-9.:[\]_-]+$/))),
  /** Campaign parameters of the page's address; null if it has none. */
  campaign: v.optional(v.nullable(campaignSchema), null),
  /** Views in one tab within one day, without a pause of 30 minutes; null if the browser may store nothing. */
  session: v.optional(
    v.nullable(
      v.object({
        /** A random id that the browser draws for this session. */
        id: viewIdSchema,
        /** Whether the view is the first of its session. */
        landing: v.boolean(),
      }),
    ),
    null,
  ),
  /** `effectiveType` of the Network Information API; null if the browser does not support it. */
  connection: v.nullable(v.picklist(['slow-2g', '2g', '3g', '4g'])),
  /** Web vitals, ms; CLS is a score. null means not measured, which differs from 0. */
  vitals: v.object({
    lcp: milliseconds,
    inp: milliseconds,
    cls: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1000))),
    fcp: milliseconds,
    ttfb: milliseconds,
  }),
  /** null if the browser or the SDK reports no attribution. */
  attribution: v.optional(v.nullable(attributionSchema), null),
  /** End of the load event, ms. */
  load: milliseconds,
  /** null for a view that loaded no document. */
  timing: v.optional(v.nullable(timingSchema), null),
  /** Loaded resources, by type. */
  resources: v.optional(v.nullable(v.pipe(v.array(resourceSchema), v.maxLength(7))), null),
  /** Long animation frames; null if the browser does not report them. */
  longFrames: v.optional(
    v.nullable(
      v.object({
        count,
        /** Sum of the durations, ms. */
        duration: total,
        /** Total time that the frames blocked the page from responding to input, ms. */
        blocking: total,
      }),
    ),
    null,
  ),
  /** Errors since the SDK started to listen. */
  errors: v.optional(
    v.nullable(
      v.object({
        /** Uncaught errors, including unhandled promise rejections. */
        scripts: count,
        /** Images, scripts, styles and other resources that failed to load. */
        resources: count,
        /** The first distinct errors. */
        samples: v.pipe(v.array(errorSampleSchema), v.maxLength(maxErrorSamples)),
      }),
    ),
    null,
  ),
  /** The reader's actions. */
  actions: v.optional(
    v.nullable(
      v.object({
        /** Clicks, taps and keys. */
        interactions: count,
        copies: count,
        /** Clicks on links to other hosts. */
        outbound: count,
        /** Clicks on links to files. */
        downloads: count,
      }),
    ),
    null,
  ),
  /** Events that the page's own script counted. */
  events: v.optional(v.nullable(v.pipe(v.array(eventSchema), v.maxLength(maxEvents))), null),
  /** Playback of the document's videos and audio; null if the SDK does not report it. */
  playback: v.optional(
    v.nullable(
      v.object({
        /** Time during which they played, ms, summed over all players. */
        played: playing,
        /** Time during which they waited for data after they had started, without seeks, ms. */
        stalled: playing,
        /** Number of such stalls. */
        stalls: count,
      }),
    ),
    null,
  ),
  /** null on a page without a manifest, unless the browser reports its images and media through Resource Timing. */
  delivery: v.nullable(
    // Not a union: for a wrong field, a union reports only the path of `delivery`.
    v.lazy<typeof deliverySchema | typeof timedDeliverySchema>((delivery) =>
      typeof delivery === 'object' && delivery !== null && 'peers' in delivery
        ? deliverySchema
        : timedDeliverySchema,
    ),
  ),
  engagement: v.object({
    /** Time during which the page was visible and focused, ms. */
    engagedMs: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(dayMs)),
    /** Furthest viewport bottom ÷ document height, ratio 0-1. */
    scrollDepth: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1)),
  }),
})

/** A complete snapshot of one page view. A later snapshot replaces an earlier one. */
export type Beacon = v.InferOutput<typeof beaconSchema>
/** The causes of a view's vitals. */
export type Attribution = v.InferOutput<typeof attributionSchema>
/** The campaign parameters of the link that led to the page. */
export type Campaign = v.InferOutput<typeof campaignSchema>
/** The sources of a view's asset bytes, and the failures on the way. */
export type Delivery = v.InferOutput<typeof deliverySchema>
/** The same figures as far as they are known without a peer runtime. */
export type TimedDelivery = v.InferOutput<typeof timedDeliverySchema>

/** Returns the beacon as JSON text. */
export function encodeBeacon(beacon: Beacon): string {
  return JSON.stringify(beacon)
}

/**
 * Parses and checks a beacon.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeBeacon(text: string): Beacon {
  return checkBeacon(parseJson(text, maxBeaconLength))
}

const isBeacon = fastCheck(beaconSchema)

/**
 * Checks a parsed JSON value and returns it as a beacon. Defaults of missing optional fields are filled in. Fields that
 * this release does not know are removed and added to `tally`.
 * @throws {WireError} `invalid`.
 */
export function checkBeacon(value: unknown, tally: UnknownFields = { unknownFields: 0 }): Beacon {
  return isBeacon(value, tally) ? (value as Beacon) : checkJson(beaconSchema, value)
}
