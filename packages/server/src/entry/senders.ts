import type { IncomingMessage } from 'node:http'
import type { Credentials } from '@peerpress/accounts'
import type { Sender } from '@peerpress/api'
import { networkOf } from '@peerpress/tracker'
import type { ClientAddress } from './client-address.ts'
import { originOf } from './request-origin.ts'
import { sessionIn } from './session-cookie.ts'

/** Turns each request into its sender, once. */
export interface Senders {
  senderOf(request: IncomingMessage): Promise<Sender>
}

export function createSenders(options: {
  readonly credentials: Credentials
  readonly clientAddress: ClientAddress
  /** The origin behind the TLS proxy, if it is set. */
  readonly publicUrl: string | undefined
}): Senders {
  const { credentials, clientAddress, publicUrl } = options
  const senders = new WeakMap<IncomingMessage, Promise<Sender>>()
  const find = async (request: IncomingMessage): Promise<Sender> => {
    const { authorization } = request.headers
    const renew = () => credentials.principalOf({ authorization, session: sessionIn(request) })
    return {
      principal: await renew(),
      renew,
      mutationRefusal: refusalOf(request, { publicUrl, isBySession: authorization === undefined }),
      network: networkOf(clientAddress(request)),
    }
  }
  return {
    senderOf: (request) => {
      const known = senders.get(request) ?? find(request)
      senders.set(request, known)
      return known
    },
  }
}

/** A browser adds the session to requests of any page, so the page must be the server's own. */
function refusalOf(
  request: IncomingMessage,
  { publicUrl, isBySession }: { readonly publicUrl: string | undefined; readonly isBySession: boolean },
): string | null {
  const origin = originOf(request, publicUrl)
  if (origin === 'own' || (origin === 'absent' && !isBySession)) return null
  return origin === 'foreign'
    ? 'The request comes from a page of another origin. If this server has another public address, set PEERPRESS_PUBLIC_URL.'
    : 'The request has a session and no Origin header. Programs use an API token: "Authorization: Bearer TOKEN".'
}
