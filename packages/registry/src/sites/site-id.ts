import { siteIdPattern } from '@peerpress/wire'

/**
 * Whether a site can have this id. Other ids are not sent to Postgres, which refuses text that it cannot store, such as
 * U+0000, with an error.
 */
export function isSiteId(id: string): boolean {
  return siteIdPattern.test(id)
}
