import * as v from 'valibot'
import { keySchema, postIdSchema, siteIdSchema } from '../ids.ts'
import { decodeJson } from '../encoding/json.ts'

/** `id` of the `<script type="application/json">` element that carries the configuration in a page. */
export const pageConfigElementId = 'peerpress-config'

const address = v.pipe(v.string(), v.maxLength(2048))

const noticeText = (max: number) => v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(max)))

/** The texts of a notice. A missing text defaults to English. */
const noticeTexts = {
  /** Accessible name of the notice, for screen readers. */
  label: noticeText(120),
  text: noticeText(600),
  accept: noticeText(60),
  refuse: noticeText(60),
  /** A link to more information, for example the site's privacy policy. */
  more: v.optional(v.object({ url: address, text: v.pipe(v.string(), v.minLength(1), v.maxLength(120)) })),
}

/** The notice of the policy `notice`. */
const noticeSchema = v.object({
  /** URL of the notice's script. Only readers who have not answered yet load it. */
  script: address,
  ...noticeTexts,
})
/** The texts of the notice and the URL of its script. */
export type NoticeConfig = v.InferOutput<typeof noticeSchema>

const noticeTextsSchema = v.strictObject(noticeTexts)
/** The texts of the notice that a site chose. */
export type NoticeTexts = v.InferOutput<typeof noticeTextsSchema>

/**
 * Parses the texts of a notice. A field that no notice has is refused: it is a mistake of a person.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeNoticeTexts(text: string): NoticeTexts {
  return decodeJson(noticeTextsSchema, text, 16 * 1024)
}

/**
 * Settings of the saved copies of pages, which are shown when the origin cannot be reached. If they are missing, no
 * copies are saved.
 */
const snapshotConfigSchema = v.object({
  /** URL of the script that saves the copies. It is loaded when the page is idle. */
  script: address,
  /** Text that marks the page as a saved copy. `{date}` stands for the time of the copy. English by default. */
  text: noticeText(200),
})

const count = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)))

/** Upload limits of a reader's browser. A missing limit has its default. */
const uploadLimitsSchema = v.object({
  /** Bytes per second, to all readers together. @default 2_000_000 */
  rate: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Simultaneous chunks. @default 3 */
  slots: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16))),
  /** Bytes in one session of a tab. @default 200_000_000 */
  perSession: count,
  /** Bytes in one calendar month (UTC), all tabs together. @default 2_000_000_000 */
  perMonth: count,
})
/** Upload limits of a reader's browser. */
export type UploadLimits = v.InferOutput<typeof uploadLimitsSchema>

const fields = v.object({
  site: siteIdSchema,
  /** null on a page that is not a single post. Such a page is measured, not assisted. */
  post: v.nullable(postIdSchema),
  /** Origin of the PeerPress server, without a trailing slash. */
  server: address,
  /** The site's Ed25519 public key, 32 bytes as base64url. It verifies every manifest. */
  key: keySchema,
  /**
   * `full`: peers may be used if consent allows it. `seeds-only`: only the site's seeds are used as peers, so that no
   * reader sees another reader's address. `off`: the page is only measured.
   */
  mode: v.picklist(['full', 'seeds-only', 'off']),
  /**
   * `assumed`: peers are used unless the reader objects. `notice`: peers are used from the moment a notice is visible
   * until the reader refuses. `required`: no peers before `peerpress.consent(true)`.
   */
  consent: v.picklist(['assumed', 'notice', 'required']),
  /** Required by the policy `notice`. */
  notice: v.optional(noticeSchema),
  /** The WP Consent API category that covers peers. If the page has that API, its consent is required too. */
  consentCategory: v.optional(v.pipe(v.string(), v.regex(/^[a-z][a-z_-]{0,63}$/))),
  /** Share of eligible readers that stay on the origin, ratio 0-1. */
  control: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  upload: v.optional(uploadLimitsSchema),
  snapshot: v.optional(snapshotConfigSchema),
  /** Share of sessions that are measured, ratio 0-1; 0 measures no session. @default 1 */
  sampling: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** Same-origin URL of the service worker. */
  worker: address,
  /** Path below which the service worker controls pages; the browser must permit it to the worker's URL. @default / */
  scope: v.optional(address),
  /** Absolute URLs, because the loader resolves its imports against its own URL. */
  scripts: v.object({ rum: address, swarm: address }),
})

const pageConfigSchema = v.pipe(
  fields,
  v.check(
    ({ consent, notice }) => consent !== 'notice' || notice !== undefined,
    'a notice without its script',
  ),
)

/** The configuration that a page passes to the loader. */
export type PageConfig = v.InferOutput<typeof pageConfigSchema>

/** Returns the configuration as JSON text that is safe as the content of a `<script>` element. */
export function encodePageConfig(config: PageConfig): string {
  // `</script>` or `<!--` in a value would end or swallow the element.
  return JSON.stringify(config).replaceAll('<', String.raw`\u003c`)
}

/**
 * Parses the configuration of a page.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodePageConfig(text: string): PageConfig {
  return decodeJson(pageConfigSchema, text, 16 * 1024)
}
