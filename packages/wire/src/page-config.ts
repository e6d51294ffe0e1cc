import * as v from 'valibot'
import { postIdSchema, siteIdSchema } from './ids.ts'
import { decodeJson } from './json.ts'

/** `id` of the `<script type="application/json">` element that carries the configuration in a page. */
export const pageConfigElementId = 'peerpress-config'

const address = v.pipe(v.string(), v.maxLength(2048))

const pageConfigSchema = v.strictObject({
  site: siteIdSchema,
  /** null on a page that is no single post: it is measured, not assisted. */
  post: v.nullable(postIdSchema),
  /** Origin of the PeerPress server, no trailing slash. */
  server: address,
  /** The site's Ed25519 public key, 32 bytes as base64url: what every manifest is verified with. */
  key: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/)),
  /** `full`: peers may be used where consent allows. `off`: measured only. */
  mode: v.picklist(['full', 'off']),
  /** `assumed`: peers unless the reader objects. `required`: none before `peerpress.consent(true)`. */
  consent: v.picklist(['assumed', 'required']),
  /** Share of eligible readers kept on the origin, ratio 0-1. */
  control: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** Same-origin URL of the service worker, served with scope `/`. */
  worker: address,
  scripts: v.strictObject({ rum: address, swarm: address }),
})

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
