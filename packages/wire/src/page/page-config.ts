import * as v from 'valibot'
import { keySchema, postIdSchema, siteIdSchema } from '../ids.ts'
import { decodeJson } from '../encoding/json.ts'

/** `id` of the `<script type="application/json">` element that carries the configuration in a page. */
export const pageConfigElementId = 'peerpress-config'

const address = v.pipe(v.string(), v.maxLength(2048))

const noticeText = (max: number) => v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(max)))

/** The notice of the policy `notice`; a text that is left out is English. */
const noticeSchema = v.object({
  /** URL of the notice's own script, which only readers who have not answered yet load. */
  script: address,
  /** What the notice is called to those who do not see it. */
  label: noticeText(120),
  text: noticeText(600),
  accept: noticeText(60),
  refuse: noticeText(60),
  /** Where the site tells more, for example its privacy policy. */
  more: v.optional(v.object({ url: address, text: v.pipe(v.string(), v.minLength(1), v.maxLength(120)) })),
})
/** What the notice says, and where its script is. */
export type NoticeConfig = v.InferOutput<typeof noticeSchema>

/** Saved copies of pages, for when the origin cannot be reached. Left out: none are kept. */
const snapshotConfigSchema = v.object({
  /** URL of the script that keeps them, loaded when the page is idle. */
  script: address,
  /** What the copy says of itself; `{date}` stands for when it was made. English unless given. */
  text: noticeText(200),
})

const count = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)))

/** What a reader's browser gives at most; what is left out has its default. */
const uploadLimitsSchema = v.object({
  /** Bytes per second, to all readers together. @default 2_000_000 */
  rate: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Chunks at a time. @default 3 */
  slots: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16))),
  /** Bytes in one session of a tab. @default 200_000_000 */
  perSession: count,
  /** Bytes in one calendar month (UTC), all tabs together. @default 2_000_000_000 */
  perMonth: count,
})
/** What a reader's browser gives at most. */
export type UploadLimits = v.InferOutput<typeof uploadLimitsSchema>

const fields = v.object({
  site: siteIdSchema,
  /** null on a page that is no single post: it is measured, not assisted. */
  post: v.nullable(postIdSchema),
  /** Origin of the PeerPress server, no trailing slash. */
  server: address,
  /** The site's Ed25519 public key, 32 bytes as base64url: what every manifest is verified with. */
  key: keySchema,
  /**
   * `full`: peers may be used where consent allows. `seeds-only`: of peers none but the site's seeds, so that no reader
   * sees another's address. `off`: measured only.
   */
  mode: v.picklist(['full', 'seeds-only', 'off']),
  /**
   * `assumed`: peers unless the reader objects. `notice`: peers from when a notice is on the screen until the reader
   * says no. `required`: none before `peerpress.consent(true)`.
   */
  consent: v.picklist(['assumed', 'notice', 'required']),
  /** Needed by the policy `notice`. */
  notice: v.optional(noticeSchema),
  /** The category of the WP Consent API that stands for peers; where the page has that API, it is asked too. */
  consentCategory: v.optional(v.pipe(v.string(), v.regex(/^[a-z][a-z_-]{0,63}$/))),
  /** Share of eligible readers kept on the origin, ratio 0-1. */
  control: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  upload: v.optional(uploadLimitsSchema),
  snapshot: v.optional(snapshotConfigSchema),
  /** Share of sessions that are measured, ratio; 0 measures nobody. @default 1 */
  sampling: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** Same-origin URL of the service worker, served with scope `/`. */
  worker: address,
  /** Absolute URLs: what the loader imports is resolved against the loader's own. */
  scripts: v.object({ rum: address, swarm: address }),
})

const pageConfigSchema = v.pipe(
  fields,
  v.check(
    ({ consent, notice }) => consent !== 'notice' || notice !== undefined,
    'a notice without its script',
  ),
)

/** What a page tells the loader. */
export type PageConfig = v.InferOutput<typeof pageConfigSchema>

/** The configuration as JSON text that is safe as the content of a `<script>` element. */
export function encodePageConfig(config: PageConfig): string {
  // `</script>` and `<!--` in a value would end or swallow the element.
  return JSON.stringify(config).replaceAll('<', String.raw`\u003c`)
}

/** @throws {WireError} `too-large`, `malformed` or `invalid`. */
export function decodePageConfig(text: string): PageConfig {
  return decodeJson(pageConfigSchema, text, 16 * 1024)
}
