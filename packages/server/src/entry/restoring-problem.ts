import type { PostId } from '@peerpress/wire'
import type { Problem } from './problem.ts'

/** Seconds after which a post that is read from its site again is asked for again. */
const retryAfter = 30

/**
 * What a backup says of a post may be over, so that nothing of it is delivered before its site was asked: readers have it
 * of the origin meanwhile.
 */
export function restoringProblem(post: PostId): Problem {
  const detail = `Post ${post} was restored from a backup and is read from its site again first.`
  return { status: 503, code: 'restoring', detail, retryAfter }
}
