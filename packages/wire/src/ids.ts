import * as v from 'valibot'
import { hashPattern, keyPattern, postIdPattern, siteIdPattern } from './patterns.ts'

/** A site: 16 lower-case letters or digits, drawn at random when the site is added. */
export type SiteId = string
/** A post as its CMS names it: 1-64 unreserved URL characters, except `.` and `..`. Unique within its site. */
export type PostId = string
/** An asset: SHA-256 over the concatenated SHA-256 hashes of its chunks, 64 lower-case hex digits. */
export type AssetId = string
/** A page view: a UUID in lower case. */
export type ViewId = string
/** A peer: its Ed25519 public key, 32 bytes as base64url. A peer creates a new key for each swarm it joins. */
export type PeerId = string

export const siteIdSchema = v.pipe(v.string(), v.regex(siteIdPattern))
/** Refuses `.` and `..`, because ids are used as parts of paths. */
export const postIdSchema = v.pipe(
  v.string(),
  v.regex(postIdPattern),
  v.check((id) => id !== '.' && id !== '..', 'means another folder'),
)
export const assetIdSchema = v.pipe(v.string(), v.regex(hashPattern))
export const viewIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/))
/** 32 bytes as base64url, like an Ed25519 public key. */
export const keySchema = v.pipe(v.string(), v.regex(keyPattern))
