import { pollQueue, type Registry } from '@peerpress/registry'
import type { RequestPage } from './page-batches.ts'
import { pollConnector } from './poll-connector.ts'
import { defaultPollLimits, type PollLimits } from './run-poll.ts'
import type { SourceClient } from './source-fetch.ts'

/** Polls that run at the same time on one server, each of a different site. A slow source holds one of them. */
const concurrentPolls = 8

export interface PollsOptions {
  readonly registry: Registry
  readonly client: SourceClient
  readonly request: RequestPage
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
  /** @default see `defaultPollLimits` */
  readonly limits?: Partial<PollLimits>
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** The polls of all connectors of the installation, shared by its servers. */
export interface Polls {
  /** Starts to poll. Polls that a killed server was running are run again. */
  start(): Promise<void>
  /** Completes the polls in progress or returns them to the queue. */
  stop(): Promise<void>
}

export function createPolls({
  registry,
  client,
  request,
  report,
  limits,
  now = Date.now,
}: PollsOptions): Polls {
  const dependencies = {
    registry,
    client,
    request,
    limits: { ...defaultPollLimits, ...limits },
    now,
  }
  const ending: (() => Promise<void>)[] = []
  const stop = async () => {
    await Promise.all(ending.splice(0).map((end) => end()))
  }
  return {
    start: async () => {
      try {
        ending.push(
          await registry.jobs.work(pollQueue, concurrentPolls, (job) => pollConnector(job, dependencies)),
        )
        ending.push(
          await registry.schedules.repeat(
            { name: 'polls', cron: '* * * * *', retries: 0, run: () => registry.connectors.enqueueDue() },
            (error) => report('the schedule polls failed:', error),
          ),
        )
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
  }
}
