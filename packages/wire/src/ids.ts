import * as v from 'valibot'
import { hashPattern, keyPattern, postIdPattern, siteIdPattern } from './patterns.ts'

/** A site: 16 lower-case letters or digits, drawn at random when the site is added. */
export type SiteId = string
/** A post as its CMS names it: 1-64 unreserved URL characters, not `.` or `..`. Unique within its site. */
export type PostId = string
/** An asset: SHA-256 over the concatenated SHA-256 hashes of its chunks, 64 lower-case hex digits. */
export type AssetId = string
/** A page view: a UUID in lower case. */
export type ViewId = string
/** A peer: its own Ed25519 public key, 32 bytes as base64url. Made anew for each swarm it joins. */
export type PeerId = string

export const siteIdSchema = v.pipe(v.string(), v.regex(siteIdPattern))
/** Never `.` or `..`: an id is a part of paths, where these two mean other ones. */
export const postIdSchema = v.pipe(
  v.string(),
  v.regex(postIdPattern),
  v.check((id) => id !== '.' && id !== '..', 'means another folder'),
)
export const assetIdSchema = v.pipe(v.string(), v.regex(hashPattern))
export const viewIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/))
/** 32 bytes as base64url, as an Ed25519 public key is. */
export const keySchema = v.pipe(v.string(), v.regex(keyPattern))
