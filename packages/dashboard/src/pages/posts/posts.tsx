import { usePlace } from '../../navigation/use-place.ts'
import type { SitePageProps } from '../site-page.ts'
import { PostList } from './post-list.tsx'
import { PostPage } from './post-page.tsx'

/** The posts of a site, or the page about one of them. */
export function Posts(props: SitePageProps) {
  const post = usePlace().query.get('post')
  return post !== null && /^[\w.-]{1,128}$/.test(post) ? (
    <PostPage key={post} {...props} postId={post} />
  ) : (
    <PostList {...props} />
  )
}
