import * as v from 'valibot'

/** A site: 16 lower-case letters or digits, drawn at random when the site is added. */
export type SiteId = string
/** A post as its CMS names it: 1-64 unreserved URL characters. Unique within its site. */
export type PostId = string
/** An asset: SHA-256 over the concatenated SHA-256 hashes of its chunks, 64 lower-case hex digits. */
export type AssetId = string
/** A page view: a UUID in lower case. */
export type ViewId = string
/** A peer within its swarm: 32 lower-case hex digits, drawn by the tracker. */
export type PeerId = string

export const siteIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9]{16}$/))
export const postIdSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._~-]{1,64}$/))
export const assetIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
export const viewIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/))
export const peerIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))
