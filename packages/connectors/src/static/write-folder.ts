import { createHash } from 'node:crypto'
import { type AssetId, encodePageScripts, maxAssets, type PageConfig, type PostId } from '@peerpress/wire'
import { canonicalUrl, postIdOf } from '../canonical-url.ts'
import { type BarePage, bareOf, isReadBack, type PageRefusal, withScripts } from './assist-page.ts'
import type { Folder, FolderFile } from './folder.ts'
import { isPage, urlOfFile } from './page-url.ts'
import { writeWorker } from './write-worker.ts'

/** Reads a page as the server will read it. */
export type ReadBuiltPage = (page: {
  readonly html: Uint8Array
  readonly url: string
  readonly origins: readonly string[]
  readonly maxMedia: number
}) => {
  readonly media: readonly string[]
  readonly offer: { readonly site: string; readonly post: string | null } | null
}

/** A site whose pages are files. */
export interface StaticSite {
  /** Its home URL, with a last slash. */
  readonly home: string
  readonly origins: readonly string[]
  /** The configuration of its pages, without the post. */
  readonly config: Omit<PageConfig, 'post' | 'worker' | 'scope'>
  /** URL of the loader. */
  readonly loader: string
  /** The service worker's script. */
  readonly worker: string
}

export interface WriteOptions {
  readonly folder: Folder
  readonly site: StaticSite
  readonly readPage: ReadBuiltPage
  /** Whether nothing is written. */
  readonly isDryRun: boolean
  /** Called after each page. */
  readonly onProgress: (progress: WriteProgress) => void
}

export interface WriteProgress {
  readonly pages: number
  readonly written: number
}

/** A page with media, with the scripts. */
export interface BuiltPost {
  readonly path: string
  readonly url: string
  readonly post: PostId
  /** The mark of its scripts, which names its content. */
  readonly mark: string
  /** Name of the snapshot that the server makes of exactly this page. */
  readonly snapshot: AssetId
}

/** A page that stays as it is, or one with the address of another, which is measured only. */
export interface LeftOutPage {
  readonly path: string
  readonly reason: PageRefusal | 'too-long' | 'same-address' | 'not-read-back' | 'no-access'
}

export interface WrittenFolder {
  /** Paths of the files that were written, or would be. */
  readonly written: readonly string[]
  readonly posts: readonly BuiltPost[]
  /** Number of all pages that have the scripts. */
  readonly pages: number
  readonly leftOut: readonly LeftOutPage[]
}

/** Maximum size of a page, bytes: the server reads no more of it. */
export const maxPageSize = 8 * 1024 * 1024

/**
 * Writes the service worker into the folder of a built site, and the configuration and the loader into each of its
 * pages. A page with media names its post; another page is measured only. A second run changes nothing.
 * @throws {ConnectorError} `name-taken`; the errors of the file system
 */
export async function writeFolder(options: WriteOptions): Promise<WrittenFolder> {
  const { folder, onProgress } = options
  const written: string[] = []
  const worker = await writeWorker(options)
  if (worker.isWritten) written.push(worker.path)
  const { pathname: root } = new URL(options.site.home)
  const context = {
    ...options,
    // A worker controls the pages below its own path without a further header.
    worker: { worker: root + worker.path, ...(root !== '/' && { scope: root }) },
    pathOfPost: new Map<PostId, string>(),
  }
  const posts: BuiltPost[] = []
  const leftOut: LeftOutPage[] = []
  let pages = 0
  for await (const file of folder.files()) {
    if (!isPage(file.path)) continue
    const page = await writePage(file, context)
    if (page.reason !== null) leftOut.push({ path: file.path, reason: page.reason })
    if (page.isWritten) written.push(file.path)
    if (page.hasScripts) pages++
    if (page.post !== null) posts.push(page.post)
    onProgress({ pages, written: written.length })
  }
  return { written, posts, pages, leftOut }
}

interface PageContext extends WriteOptions {
  /** Path of the worker on the site, and of the pages that it controls. */
  readonly worker: Pick<PageConfig, 'worker' | 'scope'>
  /** The files of the posts so far. */
  readonly pathOfPost: Map<PostId, string>
}

interface PageOutcome {
  readonly reason: LeftOutPage['reason'] | null
  readonly isWritten: boolean
  readonly hasScripts: boolean
  readonly post: BuiltPost | null
}

async function writePage({ path, size }: FolderFile, context: PageContext): Promise<PageOutcome> {
  const { folder, isDryRun } = context
  if (size > maxPageSize) return refused('too-long')
  try {
    const before = await folder.read(path, maxPageSize)
    const bare = await bareOf(before)
    if (typeof bare === 'string') return refused(bare)
    const { after, reason, post } = assisted(bare, path, context)
    if (after === null) return refused('not-read-back')
    const isWritten = !after.equals(before)
    if (isWritten && !(await isReadBack(after, bare))) return refused('not-read-back')
    if (post !== null) context.pathOfPost.set(post.post, path)
    if (isWritten && !isDryRun) await folder.write(path, after)
    return { reason, isWritten, hasScripts: true, post }
  } catch (error) {
    if (isDenied(error)) return refused('no-access')
    throw error
  }
}

function refused(reason: LeftOutPage['reason']): PageOutcome {
  return { reason, isWritten: false, hasScripts: false, post: null }
}

function isDenied(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'EACCES' || code === 'EPERM'
}

/** Returns the page with its scripts; `after` is null if the server would not find them. */
function assisted(
  bare: BarePage,
  path: string,
  { site, readPage, worker, pathOfPost }: PageContext,
): Pick<PageOutcome, 'reason' | 'post'> & { readonly after: Buffer | null } {
  const { home, origins, config, loader } = site
  const url = urlOfFile(path, home)
  const id = postIdOf(canonicalUrl(url.href) ?? url)
  const isTaken = (pathOfPost.get(id) ?? path) !== path
  const attempt = (post: PostId | null) => {
    const scripts = encodePageScripts({ config: { ...config, post, ...worker }, loader, mark: bare.mark })
    const after = withScripts(bare, scripts)
    return { post, after, ...readPage({ html: after, url: url.href, origins, maxMedia: maxAssets }) }
  }
  const first = attempt(isTaken ? null : id)
  const page = first.media.length === 0 ? attempt(null) : first
  const { post, after, offer } = page
  if (offer === null || offer.site !== config.site || offer.post !== post) {
    return { after: null, reason: null, post: null }
  }
  const reason = isTaken ? 'same-address' : null
  if (post === null) return { after, reason, post }
  return { after, reason, post: { path, url: url.href, post, mark: bare.mark, snapshot: snapshotOf(after) } }
}

function snapshotOf(page: Buffer): AssetId {
  const hash = createHash('sha256').update(page).digest()
  return createHash('sha256').update(hash).digest('hex')
}
