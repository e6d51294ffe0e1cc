import { countField, expect, fieldsOf, listField, patternField, textField } from '../encoding/fields.ts'
import { maxUrlLength } from '../encoding/url.ts'
import { parseJson } from '../encoding/parse-json.ts'
import type { PostId, SiteId } from '../ids.ts'
import { postIdPattern, siteIdPattern } from '../patterns.ts'

/** Maximum of posts in one assignment. */
export const maxAssignedPosts = 1000
const maxGrantLength = 4096
const maxLength = maxAssignedPosts * (maxGrantLength + maxUrlLength)

/** A post that a lent seed should store and serve. */
export interface AssignedPost {
  readonly site: SiteId
  readonly post: PostId
  /** Address of the post's page. Its configuration has the key that signs grant and manifest. */
  readonly page: string
  /** The envelope of the site's grant. */
  readonly grant: string
}

/** The posts that a lent seed should store, and for how long it may do so without word from the server. */
export interface Assignment {
  /** ms. After it, the seed stops and deletes the posts. */
  readonly lease: number
  readonly posts: readonly AssignedPost[]
}

/**
 * Parses a server's answer to a seed.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeAssignment(text: string): Assignment {
  const { lease, posts } = fieldsOf(parseJson(text, maxLength), ['lease', 'posts'])
  return {
    lease: countField(lease, 'lease', [1, 7 * 86_400_000]),
    posts: listField(posts, 'posts', [0, maxAssignedPosts, postOf]),
  }
}

function postOf(value: unknown, path: string): AssignedPost {
  const { site, post, page, grant } = fieldsOf(value, ['site', 'post', 'page', 'grant'])
  const id = patternField(post, `${path}.post`, postIdPattern)
  // Names of folders follow from it.
  expect(id !== '.' && id !== '..', `${path}.post`)
  return {
    site: patternField(site, `${path}.site`, siteIdPattern),
    post: id,
    page: textField(page, `${path}.page`, maxUrlLength),
    grant: textField(grant, `${path}.grant`, maxGrantLength),
  }
}
