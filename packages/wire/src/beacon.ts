import * as v from 'valibot'
import { fastCheck } from './encoding/fast-check.ts'
import type { UnknownFields } from './encoding/unknown-fields.ts'
import { postIdSchema, siteIdSchema, viewIdSchema } from './ids.ts'
import { checkJson } from './encoding/json.ts'
import { parseJson } from './encoding/parse-json.ts'
import { textSchema } from './encoding/text.ts'
import { urlSchema } from './encoding/url-schema.ts'

/** The longest beacon, characters of JSON: what `navigator.sendBeacon` and `keepalive` carry at most. */
export const maxBeaconLength = 64 * 1024

/** Beacons that one request may carry as a list, at most; and the longest such list, characters of JSON. */
export const maxBatchBeacons = 50
export const maxBatchLength = 256 * 1024

/** The longest selector of an element, characters. */
export const maxSelectorLength = 200

/** The longest value of a campaign parameter, characters. */
export const maxCampaignLength = 100

/** Errors of a view that are told word for word, at most; all are counted. */
export const maxErrorSamples = 3

/** The longest text of an error, characters. */
export const maxErrorLength = 200

/** Names of a page's own events in one view, at most. */
export const maxEvents = 20

const dayMs = 24 * 60 * 60 * 1000
/** What one page view can plausibly count: beyond it a forged beacon would outweigh all honest ones in a sum. */
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000))
const byteCount = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 40))
const milliseconds = v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(dayMs)))

const deliverySchema = v.object({
  /** Assets of the post's manifest that the page asked for, by how it ended. */
  assets: v.object({ complete: count, failed: count }),
  /** Bytes of those assets by where they came from. */
  bytes: v.object({
    peer: byteCount,
    seed: byteCount,
    mirror: byteCount,
    origin: byteCount,
    cache: byteCount,
  }),
  /** Bytes handed to the page that its own audit afterwards found not to match the manifest. Must be 0. */
  wrongBytes: byteCount,
  /** Chunks from peers that did not match their hash and were thrown away, never delivered. */
  rejectedChunks: count,
  /** Peers dropped for such a chunk. */
  droppedPeers: count,
  /** Requests that peers were asked for first and that the origin completed. */
  fallbacks: count,
  /** Peers that had an open connection at some time. */
  peers: count,
  /** Bytes sent to other peers. */
  uploaded: byteCount,
})

/** What can be told of a page's pictures and media without a peer runtime, by Resource Timing: nothing of peers. */
const timedDeliverySchema = v.object({
  /** Those that the browser told the end of. */
  assets: v.object({ complete: count, failed: count }),
  /** Bytes of those whose size it told. */
  bytes: v.object({ origin: byteCount, cache: byteCount }),
})

const addressWithoutQuery = v.pipe(
  urlSchema,
  v.check((text) => !text.includes('?'), 'has a query'),
)
const selector = v.nullable(textSchema(maxSelectorLength))

/** What web-vitals attributes the vitals to; null where it tells nothing. A selector is ids and classes of elements. */
const attributionSchema = v.object({
  lcp: v.object({
    /** Selector of the largest element. */
    target: selector,
    /** The largest picture's address without query; null for text. */
    url: v.nullable(addressWithoutQuery),
    /** The parts that LCP is the sum of, ms. Both resource parts are null where no resource was needed. */
    timeToFirstByte: milliseconds,
    resourceLoadDelay: milliseconds,
    resourceLoadDuration: milliseconds,
    elementRenderDelay: milliseconds,
  }),
  inp: v.object({
    /** Selector of the element that was interacted with. */
    target: selector,
    /** The phases that INP is the sum of, ms. */
    inputDelay: milliseconds,
    processingDuration: milliseconds,
    presentationDelay: milliseconds,
  }),
  cls: v.object({
    /** Selector of the element that moved most in the largest shift. */
    target: selector,
  }),
})

/** A campaign parameter. One that holds an `@` names a reader rather than a campaign. */
const campaignText = v.nullable(
  v.pipe(
    textSchema(maxCampaignLength),
    v.check((text) => !text.includes('@'), 'has an @'),
  ),
)

const campaignSchema = v.object({
  /** `utm_source`: who sent the reader. */
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

/** Parts of loading the document by Navigation Timing, ms. null where a part did not take place, or not yet. */
const timingSchema = v.object({
  redirect: milliseconds,
  /** The name's look-up. */
  lookup: milliseconds,
  /** The connection, TLS included. */
  connect: milliseconds,
  tls: milliseconds,
  /** From the request to the first byte of its answer. */
  request: milliseconds,
  response: milliseconds,
  /** Since the start of the navigation, or the activation of a prerendered page. */
  interactive: milliseconds,
  contentLoaded: milliseconds,
})

/** ms of a view's players together. */
const playing = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(dayMs))
const total = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(7 * dayMs))

/** What a view loaded of one type, by Resource Timing. */
const resourceSchema = v.object({
  type: v.picklist(['image', 'script', 'style', 'font', 'media', 'fetch', 'other']),
  count,
  /** How many came from the browser's cache. */
  cached: count,
  /** Of all together, ms. */
  duration: total,
  /** Over the network, heads included. Other origins hide it unless they allow it (`Timing-Allow-Origin`). */
  bytes: byteCount,
})

const errorSampleSchema = v.object({
  /** `script`: nobody caught it. `rejection`: a promise's. `resource`: something was not loaded. */
  kind: v.picklist(['script', 'rejection', 'resource']),
  /** The message, or the element's name. */
  text: textSchema(maxErrorLength),
  /** The script, or what was not loaded. */
  source: v.nullable(addressWithoutQuery),
  line: v.nullable(count),
})

const eventSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,39}$/)),
  count: v.pipe(count, v.minValue(1)),
  /** The sum of the values given with it; null when none was. */
  value: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(-1e15), v.maxValue(1e15))),
})

// What was added after the first release is optional: a plugin ships its own copy of the SDK, which may be older than
// the server it sends to.
/** What a beacon is. */
export const beaconSchema = v.object({
  version: v.literal(1),
  site: siteIdSchema,
  /** Drawn by the reader's browser for this page view alone. */
  view: viewIdSchema,
  /** Number of this snapshot within its view, from 1; the highest wins. */
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10_000)),
  /** ms from the start of the view's navigation to the sending of this snapshot. */
  age: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(7 * dayMs)),
  /** The page's address without query and fragment. */
  url: addressWithoutQuery,
  post: v.nullable(postIdSchema),
  /** Share of sessions that are measured, ratio: this view stands for 1 ÷ as many. */
  sampling: v.optional(v.pipe(v.number(), v.minValue(0.0001), v.maxValue(1)), 1),
  /** Whether a program drives the browser (`navigator.webdriver`). */
  automated: v.exactOptional(v.boolean()),
  /** Whether the page was in the background when the view began. */
  hidden: v.optional(v.nullable(v.boolean()), null),
  /** `assisted` and `control` are eligible readers; `ineligible` ones could not or may not take part. */
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
  /** Host name of the referring page; null when there is none. */
  referrer: v.nullable(v.pipe(v.string(), v.maxLength(253), v.regex(/^[a-z0-9.:[\]_-]+$/))),
  /** The campaign parameters of the page's address; null when it has none. */
  campaign: v.optional(v.nullable(campaignSchema), null),
  /** Views in one tab without a pause of 30 minutes, within one day; null where the browser may remember nothing. */
  session: v.optional(
    v.nullable(
      v.object({
        /** Drawn by the browser for this session alone. */
        id: viewIdSchema,
        /** Whether the view is the session's first. */
        landing: v.boolean(),
      }),
    ),
    null,
  ),
  /** Network Information API `effectiveType`; null where the browser has none. */
  connection: v.nullable(v.picklist(['slow-2g', '2g', '3g', '4g'])),
  /** Web vitals, ms; CLS is a score. null means not measured, which is not 0. */
  vitals: v.object({
    lcp: milliseconds,
    inp: milliseconds,
    cls: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1000))),
    fcp: milliseconds,
    ttfb: milliseconds,
  }),
  /** null where the browser, or the SDK, tells no reasons. */
  attribution: v.optional(v.nullable(attributionSchema), null),
  /** End of the load event, ms. */
  load: milliseconds,
  /** null for a view that loaded no document. */
  timing: v.optional(v.nullable(timingSchema), null),
  /** What was loaded, by type. */
  resources: v.optional(v.nullable(v.pipe(v.array(resourceSchema), v.maxLength(7))), null),
  /** Long animation frames; null where the browser does not tell. */
  longFrames: v.optional(
    v.nullable(
      v.object({
        count,
        /** ms of all together. */
        duration: total,
        /** How long they kept the page from answering, ms. */
        blocking: total,
      }),
    ),
    null,
  ),
  /** Errors since the SDK began to listen. */
  errors: v.optional(
    v.nullable(
      v.object({
        /** Those nobody caught, promises' included. */
        scripts: count,
        /** Pictures, scripts, styles … that were not loaded. */
        resources: count,
        /** The first different ones. */
        samples: v.pipe(v.array(errorSampleSchema), v.maxLength(maxErrorSamples)),
      }),
    ),
    null,
  ),
  /** What the reader did. */
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
  /** What the page's own script counted. */
  events: v.optional(v.nullable(v.pipe(v.array(eventSchema), v.maxLength(maxEvents))), null),
  /** How the document's videos and sounds played; null where the SDK does not tell. */
  playback: v.optional(
    v.nullable(
      v.object({
        /** How long they moved, ms of all together. */
        played: playing,
        /** How long they stood still for want of data after they had begun, and not for a seek, ms. */
        stalled: playing,
        /** How often they did. */
        stalls: count,
      }),
    ),
    null,
  ),
  /** null on a page without a manifest, unless the browser tells of its pictures and media by Resource Timing. */
  delivery: v.nullable(
    // Not a union: that would say of a wrong field only that it is in here.
    v.lazy<typeof deliverySchema | typeof timedDeliverySchema>((delivery) =>
      typeof delivery === 'object' && delivery !== null && 'peers' in delivery
        ? deliverySchema
        : timedDeliverySchema,
    ),
  ),
  engagement: v.object({
    /** Visible and focused, ms. */
    engagedMs: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(dayMs)),
    /** Furthest viewport bottom ÷ document height, ratio 0-1. */
    scrollDepth: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1)),
  }),
})

/** One snapshot of one page view, whole: a later one replaces an earlier one. */
export type Beacon = v.InferOutput<typeof beaconSchema>
/** What a view's vitals are due to. */
export type Attribution = v.InferOutput<typeof attributionSchema>
/** How a link to the page was marked. */
export type Campaign = v.InferOutput<typeof campaignSchema>
/** Where a view's asset bytes came from, and what went wrong on the way. */
export type Delivery = v.InferOutput<typeof deliverySchema>
/** The same as far as it is known without a peer runtime. */
export type TimedDelivery = v.InferOutput<typeof timedDeliverySchema>

/** The beacon as JSON text. */
export function encodeBeacon(beacon: Beacon): string {
  return JSON.stringify(beacon)
}

/** @throws {WireError} `too-large`, `malformed` or `invalid`. */
export function decodeBeacon(text: string): Beacon {
  return checkBeacon(parseJson(text, maxBeaconLength))
}

const isBeacon = fastCheck(beaconSchema)

/**
 * The beacon that a parsed JSON text is: that very value, with what it may leave out filled in, and without the fields that
 * this release does not know, which are added to `tally`.
 * @throws {WireError} `invalid`.
 */
export function checkBeacon(value: unknown, tally: UnknownFields = { unknownFields: 0 }): Beacon {
  return isBeacon(value, tally) ? (value as Beacon) : checkJson(beaconSchema, value)
}
