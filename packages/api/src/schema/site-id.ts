import { siteIdSchema } from '@peerpress/wire'
import * as v from 'valibot'

/** Returns the siteId of a site's global id, or of a siteId itself; an empty text for any other. */
export function siteIdOf(id: string): string {
  if (v.is(siteIdSchema, id)) return id
  const [type, siteId = ''] = Buffer.from(id, 'base64').toString().split(':')
  return type === 'Site' ? siteId : ''
}
