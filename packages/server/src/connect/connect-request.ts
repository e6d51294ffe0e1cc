import { consents, parseHttpUrl } from '@peerpress/registry'
import { modes, siteIdSchema } from '@peerpress/wire'
import * as v from 'valibot'

const webAddress = v.pipe(
  v.string(),
  v.check(
    (text) => parseHttpUrl(text) !== null,
    'not an http(s) address of a plain host without credentials',
  ),
)

const connectRequestSchema = v.pipe(
  v.object({
    /** The site's home address. */
    url: webAddress,
    /** Where the owner's browser returns to. It is on the site's own origin, so that only the site gets the code. */
    return: webAddress,
    /** Returned unchanged. Pages and addresses cannot carry control characters and halves of surrogate pairs unchanged. */
    state: v.pipe(
      v.string(),
      v.minLength(8),
      v.maxLength(256),
      v.check(
        (text) => text.isWellFormed() && !/\p{Cc}/u.test(text),
        'a character that cannot be handed back',
      ),
    ),
    /** PKCE (RFC 7636) S256 challenge: base64url of SHA-256 of the verifier. */
    challenge: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
    /** The owner's choice in the CMS. If it is missing, the operator chooses. */
    consent: v.optional(v.picklist(consents)),
    /** Which peers may help readers, as the owner chose it. Release 0.1 of the plugin does not send it. */
    mode: v.optional(v.picklist(modes)),
    /** The connected site that has moved to `url`, with `moveProof` of its secret; a new or known site otherwise. */
    site: v.optional(siteIdSchema),
    proof: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/))),
  }),
  v.check(
    (request) => new URL(request.return).origin === new URL(request.url).origin,
    'the return address is not on the site',
  ),
)

/** A site's request to be connected, which its owner's browser carries. */
export type ConnectRequest = v.InferOutput<typeof connectRequestSchema>

/** Reads query or form fields. A returned text explains what is wrong with them. */
export function readConnectRequest(fields: unknown): ConnectRequest | string {
  const result = v.safeParse(connectRequestSchema, fields)
  if (result.success) return result.output
  const [issue] = result.issues
  return `${v.getDotPath(issue) ?? 'address'}: ${issue.message}`
}
