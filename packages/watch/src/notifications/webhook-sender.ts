import type { Notification } from '@peerpress/registry'
import {
  createGuardedLookup,
  createOpenLookup,
  refusePrivateHost,
  type ResolveAll,
} from '@peerpress/publisher'
import { Webhook } from 'standardwebhooks'
import { Agent, request } from 'undici'
import { WatchError } from '../watch-error.ts'

/** A message to a webhook. */
export interface WebhookMessage {
  readonly url: string
  /** `whsec_…` */
  readonly secret: string
  readonly notification: Pick<Notification, 'id' | 'type' | 'content' | 'createdAt'>
  /** The page of the site that the message is about. */
  readonly page: string
  /** Whether the webhook's host may be a private address. */
  readonly allowPrivateAddresses: boolean
}

export interface WebhookSenderOptions {
  /** ms until the answer's headers. @default 15_000 */
  readonly totalTime?: number
  /** Resolves names. @default the system's resolver */
  readonly resolveAll?: ResolveAll
}

/** Sends messages to webhooks, signed as Standard Webhooks. https://www.standardwebhooks.com */
export interface WebhookSender {
  /**
   * Resolves when the webhook answered with a 2xx status. Redirects are not followed, and the answer's body is not read.
   * @throws {WatchError} `webhook`, `private-address`; final if the webhook answers 410
   */
  send(message: WebhookMessage, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

const maxHeaderSize = 16 * 1024

export function createWebhookSender({
  totalTime = 15_000,
  resolveAll,
}: WebhookSenderOptions = {}): WebhookSender {
  const agentWith = (lookup: ReturnType<typeof createOpenLookup>) =>
    new Agent({ maxHeaderSize, connections: 4, pipelining: 0, connect: { timeout: totalTime, lookup } })
  const open = agentWith(createOpenLookup(resolveAll))
  const guarded = agentWith(createGuardedLookup(resolveAll))
  return {
    send: async ({ url, secret, notification, page, allowPrivateAddresses }, signal) => {
      const { id, type, content, createdAt } = notification
      const target = new URL(url)
      const body = JSON.stringify({
        type: eventTypeOf(type),
        timestamp: createdAt.toISOString(),
        data: { ...content, url: page },
      })
      const sentAt = new Date()
      try {
        if (!allowPrivateAddresses) refusePrivateHost(target)
        const response = await request(target, {
          method: 'POST',
          dispatcher: allowPrivateAddresses ? open : guarded,
          signal: AbortSignal.any([signal, AbortSignal.timeout(totalTime)]),
          headers: {
            'content-type': 'application/json',
            'user-agent': 'PeerPress',
            'webhook-id': id,
            'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
            'webhook-signature': new Webhook(secret).sign(id, sentAt, body),
          },
          body,
        })
        // Its status says everything; its body may be endless.
        response.body.on('error', () => undefined).destroy()
        const { statusCode } = response
        if (statusCode < 200 || statusCode > 299) throw refusal(statusCode)
      } catch (cause) {
        throw cause instanceof WatchError ? cause : webhookError(cause)
      }
    },
    close: async () => {
      await Promise.all([open.destroy(), guarded.destroy()])
    },
  }
}

/** Returns the `type` of a webhook's body. Only e-mail channels get a digest. */
function eventTypeOf(type: Notification['type']): string {
  if (type === 'test' || type === 'report') return type
  return type === 'notice' ? 'community.decision' : `incident.${type}`
}

function refusal(status: number): WatchError {
  const isRedirect = status >= 300 && status < 400
  return new WatchError(
    'webhook',
    isRedirect
      ? `The webhook redirects (status ${status}), which is not followed: give its final URL.`
      : `The webhook answered with status ${status}.`,
    // Standard Webhooks: 410 asks for no further messages.
    { isFinal: status === 410 },
  )
}

function webhookError(cause: unknown): WatchError {
  const { code, name } = cause as { code?: string; name?: string }
  if (code === 'private-address') {
    return new WatchError('private-address', 'The webhook’s host has no public address.', { cause })
  }
  const isLate = name === 'TimeoutError'
  const reason = isLate ? 'it did not answer in time' : `the connection failed (${code ?? name ?? 'unknown'})`
  return new WatchError('webhook', `The webhook did not take the message: ${reason}.`, { cause })
}
