import { notificationQueue, type Registry, type StopWork } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import { type Role, roleOfParts, type StopPart } from '@peerpress/wire'
import { createEvaluation, type Evaluation } from './evaluation/evaluation.ts'
import { createDelivery } from './notifications/delivery.ts'
import { createMailer, type MailSettings } from './notifications/mailer.ts'
import { UnsubscribeLinks, unsubscribeSecret } from './notifications/unsubscribe-link.ts'
import { createWebhookSender } from './notifications/webhook-sender.ts'
import { startProbes } from './probes/probe-schedule.ts'
import { WatchError } from './watch-error.ts'

export interface WatchRoleOptions {
  readonly registry: Pick<
    Registry,
    | 'channels'
    | 'incidents'
    | 'jobs'
    | 'notifications'
    | 'objectives'
    | 'posts'
    | 'probeOutcomes'
    | 'schedules'
    | 'secret'
    | 'sites'
  >
  readonly store: Pick<Store, 'seriesOfSites'>
  /** Chromium's path; null for no browser probes. @default null */
  readonly chromiumPath?: string | null
  /** Null if the server has no SMTP server. */
  readonly mail: MailSettings | null
  /** Returns the origin at which browsers reach this server. */
  readonly publicUrl: () => string
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
}

/** Channels that messages are sent to at the same time. A silent SMTP server holds one of them. */
const concurrency = 4

/**
 * Judges the sites' objectives and probes each minute, and notifies their channels, as a role of a server. Among several
 * servers with this role each run and each message happens once.
 */
export function createWatchRole(options: WatchRoleOptions): Role {
  const { registry, report } = options
  return roleOfParts({
    name: 'watch',
    startParts: async (started) => {
      started(await startDelivery(options, started))
      const evaluation = createEvaluation(options)
      started(await startEvaluation(evaluation, { registry, report }))
      started(
        await startProbes({
          chromiumPath: null,
          ...options,
          record: (outcome) => evaluation.record(outcome),
        }),
      )
    },
    health: async () => {
      const outcomes = await registry.schedules.outcomes()
      const own = outcomes.find(({ name }) => name === 'alerts')
      return own?.error == null
        ? { ok: true, detail: null }
        : { ok: false, detail: `sites were not judged: ${own.error}` }
    },
  })
}

async function startDelivery(
  { registry, mail, publicUrl, report }: WatchRoleOptions,
  started: (stop: StopPart) => void,
): Promise<StopWork> {
  const webhooks = createWebhookSender()
  started(() => webhooks.close())
  const deliver = createDelivery({
    registry,
    mailer: mail === null ? null : createMailer(mail),
    webhooks,
    links: new UnsubscribeLinks(await registry.secret(unsubscribeSecret)),
    publicUrl,
  })
  return registry.jobs.work(notificationQueue, concurrency, async (job) => {
    try {
      await deliver(job)
    } catch (error) {
      // The queue retries it, and the channel's state has the reason. An SMTP server's answer may repeat an address, which
      // does not belong into a log.
      if (!(error instanceof WatchError)) report('a notification was not sent and is tried again:', error)
      throw error
    }
  })
}

function startEvaluation(
  evaluation: Evaluation,
  { registry, report }: Pick<WatchRoleOptions, 'registry' | 'report'>,
): Promise<StopWork> {
  const run = async (signal: AbortSignal) => {
    // A channel whose retries have ended is tried again.
    await registry.notifications.enqueuePending()
    await evaluation.run(signal)
  }
  // No retry: the next run is a minute later.
  return registry.schedules.repeat({ name: 'alerts', cron: '* * * * *', retries: 0, run }, (error) =>
    report('the schedule alerts failed:', error),
  )
}
