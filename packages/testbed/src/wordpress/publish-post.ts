import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TestbedError } from '../testbed-error.ts'
import type { SignedIn } from './sign-in.ts'

export interface NewPost {
  readonly title: string
  /** Paths of picture files; each becomes an image block. @default none */
  readonly pictures?: readonly string[]
  /** Path of a video file; becomes a video block after the pictures. @default none */
  readonly video?: string
  /** WordPress's post status: `publish`, `draft`, `private`, `pending`, `future`. @default 'publish' */
  readonly status?: string
  /** @default no password */
  readonly password?: string
  /** ISO 8601 in the site's time zone, which is UTC. @default now */
  readonly date?: string
}

export interface PublishedPost {
  readonly id: number
  readonly url: string
  /** In the order of the page: the address of the original and its file in uploads. */
  readonly media: readonly { readonly url: string; readonly file: string }[]
}

interface Media {
  readonly id: number
  readonly url: string
  readonly file: string
  readonly type: string
}

/** The site that a post is published on. */
interface PostingSite {
  readonly url: string
  readonly php: (script: string, input?: unknown) => Promise<string>
  readonly signIn: () => Promise<SignedIn>
}

export async function publishPost(
  wordpress: PostingSite,
  { title, pictures = [], video, status = 'publish', password = '', date }: NewPost,
): Promise<PublishedPost> {
  const paths = video === undefined ? pictures : [...pictures, video]
  const script = await readFile(join(import.meta.dirname, 'import-media.php'), 'utf8')
  const media = paths.length === 0 ? [] : (JSON.parse(await wordpress.php(script, paths)) as Media[])

  const { cookie, nonce } = await wordpress.signIn()
  const answer = await fetch(`${wordpress.url}/wp-json/wp/v2/posts`, {
    method: 'POST',
    headers: { cookie, 'x-wp-nonce': nonce, 'content-type': 'application/json' },
    body: JSON.stringify({ title, content: blocks(title, media), status, password, date }),
  })
  if (!answer.ok) {
    const why = `${answer.status} ${await answer.text()}`
    throw new TestbedError('wordpress-refused', `WordPress refused the post: ${why}`)
  }
  const saved = (await answer.json()) as { id: number; link: string }
  return { id: saved.id, url: saved.link, media: media.map(({ url, file }) => ({ url, file })) }
}

/** Returns the content that the block editor saves. WordPress adds sizes and `loading="lazy"` when it renders it. */
function blocks(title: string, media: readonly Media[]): string {
  const paragraph = `<!-- wp:paragraph -->\n<p>${title}, told in pictures.</p>\n<!-- /wp:paragraph -->`
  return [paragraph, ...media.map(block)].join('\n\n')
}

function block({ id, url, type }: Media): string {
  return type.startsWith('video/')
    ? `<!-- wp:video {"id":${id}} -->
<figure class="wp-block-video"><video controls src="${url}"></video></figure>
<!-- /wp:video -->`
    : `<!-- wp:image {"id":${id},"sizeSlug":"full","linkDestination":"none"} -->
<figure class="wp-block-image size-full"><img src="${url}" alt="" class="wp-image-${id}"/></figure>
<!-- /wp:image -->`
}
