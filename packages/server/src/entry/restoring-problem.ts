import type { PostId } from '@peerpress/wire'
import type { Problem } from './problem.ts'

/** Seconds after which clients request a restored post again. */
const retryAfter = 30

/**
 * Creates the refusal of a restored post. The backup may be out of date, so the post is not delivered before it was read from
 * its site. Readers load it from the origin meanwhile.
 */
export function restoringProblem(post: PostId): Problem {
  const detail = `Post ${post} was restored from a backup and is read from its site again first.`
  return { status: 503, code: 'restoring', detail, retryAfter }
}
