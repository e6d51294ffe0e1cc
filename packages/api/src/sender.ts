import type { Principal } from '@peerpress/accounts'

/** The sender of a request, as the entry of the server found it. */
export interface Sender {
  readonly principal: Principal
  /** Reads the credentials again: a stream may outlive its session or token. */
  readonly renew: () => Promise<Principal>
  /** Why this request may change nothing, whoever sent it; null if it may. Another site may have made the browser send it. */
  readonly mutationRefusal: string | null
  /** The network prefix of its client. */
  readonly network: string
}
