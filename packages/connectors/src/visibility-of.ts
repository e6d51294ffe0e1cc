import type { PostId } from '@peerpress/wire'
import { isUrlPost } from './canonical-url.ts'
import { pageVisibility } from './page-visibility.ts'
import type { Visibility } from './visibility.ts'
import { wordpressVisibility } from './wordpress/visibility.ts'

/** Returns the rules for a post: those of its CMS, or those of pages whose CMS gives no ids. */
export function visibilityOf(post: PostId): Visibility {
  return isUrlPost(post) ? pageVisibility : wordpressVisibility
}
