import { parseHttpUrl, type ChannelKind } from '@peerpress/registry'
import { isPrivateHost } from '@peerpress/wire/public-address'
import * as v from 'valibot'

/** An address of one mailbox (RFC 5321 limits its length). No list, no comment, no name. */
const emailSchema = v.pipe(v.string(), v.maxLength(254), v.email())
/** characters */
const maxUrl = 2000

/** What a new channel may be. */
export interface TargetRules {
  /** Whether this server can send e-mail. */
  readonly hasMail: boolean
  /** Whether the site's hosts may be private addresses. */
  readonly allowPrivateAddresses: boolean
}

/** Returns why a channel cannot have this address; null if it can. A name may still resolve to a private address later. */
export function targetProblem(
  { kind, target }: { readonly kind: ChannelKind; readonly target: string },
  { hasMail, allowPrivateAddresses }: TargetRules,
): string | null {
  if (kind === 'email') {
    if (!v.is(emailSchema, target)) return 'Give one e-mail address, such as name@example.org.'
    return hasMail ? null : noMailServer
  }
  const url = target.length > maxUrl ? null : parseHttpUrl(target)
  if (url === null)
    return 'Give the URL of the webhook, such as https://example.org/hook, without a password in it.'
  if (allowPrivateAddresses) return null
  if (isPrivateHost(url.hostname)) {
    return 'The webhook is on a private address. Give a public one; an administrator can allow private addresses for the site.'
  }
  return url.protocol === 'https:' ? null : 'The webhook must use https, because messages tell of outages.'
}

export const noMailServer =
  'This server sends no e-mail: set PEERPRESS_SMTP_URL and PEERPRESS_MAIL_FROM, and start it again.'
