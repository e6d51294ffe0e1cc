import type { Channel, Notification, NotificationType, Registry, RunningJob } from '@peerpress/registry'
import { WatchError } from '../watch-error.ts'
import { noMailServer } from './channel-target.ts'
import type { Mailer } from './mailer.ts'
import { renderMessage } from './render-message.ts'
import type { UnsubscribeLinks } from './unsubscribe-link.ts'
import type { WebhookSender } from './webhook-sender.ts'

export interface DeliveryOptions {
  readonly registry: Pick<Registry, 'channels' | 'notifications' | 'sites'>
  /** Null if the server has no SMTP server. */
  readonly mailer: Mailer | null
  readonly webhooks: Pick<WebhookSender, 'send'>
  readonly links: UnsubscribeLinks
  /** Returns the origin at which browsers reach this server. */
  readonly publicUrl: () => string
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** ms after which a notification is given up: news of yesterday confuse. A report may wait until the next one. */
const maxAge = 24 * 3_600_000
const maxReportAge = 6 * maxAge

/**
 * Creates the handler of the queue of channels: it sends what is pending for a channel, oldest first, and rejects if a message
 * could not be sent, so that the queue tries the channel again. A killed process leaves its message pending: it is sent again
 * with the same id.
 */
export function createDelivery(options: DeliveryOptions): (job: RunningJob) => Promise<void> {
  const { registry, now = Date.now } = options
  const { channels, notifications } = registry
  return async ({ data, signal }) => {
    const id = channelIn(data)
    for (;;) {
      const channel = await channels.get(id)
      const notification = channel === null ? null : await notifications.next(id)
      if (channel === null || notification === null) return
      signal.throwIfAborted()
      const isReport = notification.type === 'report'
      if (now() - notification.createdAt.getTime() > (isReport ? maxReportAge : maxAge)) {
        const time = isReport ? 'six days' : 'a day'
        await notifications.failed(notification.id, `It could not be sent within ${time}.`, true)
        continue
      }
      await notifications.begin(notification.id)
      try {
        await send(channel, notification, { ...options, signal })
      } catch (error) {
        const { message, isFinal } = toWatchError(error)
        await notifications.failed(notification.id, message, isFinal)
        if (!isFinal) throw error
        continue
      }
      await notifications.sent(notification.id)
    }
  }
}

/** The pages of the dashboard that messages of some types lead to; others lead to the alerts. */
const pages: Readonly<Partial<Record<NotificationType, string>>> = { notice: 'community', report: 'findings' }

async function send(
  { id, site, kind, target }: Channel,
  notification: Notification,
  options: DeliveryOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const { registry, mailer, webhooks, links, publicUrl, signal } = options
  const page = `${publicUrl()}/sites/${site}/${pages[notification.type] ?? 'alerts'}`
  const found = await registry.sites.get(site)
  // The site was removed meanwhile, and the channel with it.
  if (found === null) return
  if (kind === 'email') {
    if (mailer === null) throw new WatchError('no-mail-server', noMailServer)
    const unsubscribe = links.linkOf(id, publicUrl())
    const message = renderMessage(notification, { timeZone: found.timeZone, page, unsubscribe })
    await mailer.send(
      { ...message, to: target, id: notification.id, date: notification.createdAt, unsubscribe },
      signal,
    )
    return
  }
  const secret = await registry.channels.secret(id)
  // The channel was removed meanwhile.
  if (secret === null) return
  const { allowPrivateAddresses } = found
  await webhooks.send({ url: target, secret, notification, page, allowPrivateAddresses }, signal)
}

function channelIn(data: unknown): string {
  const channel = typeof data === 'object' && data !== null && 'channel' in data ? data.channel : null
  if (typeof channel !== 'string') throw new Error('the job names no channel')
  return channel
}

function toWatchError(error: unknown): Pick<WatchError, 'message' | 'isFinal'> {
  if (error instanceof WatchError) return error
  return { message: 'Something went wrong on the server; its log says what.', isFinal: false }
}
