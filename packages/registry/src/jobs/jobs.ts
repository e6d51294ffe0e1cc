import { setTimeout as delay } from 'node:timers/promises'
import { type Job, PgBoss, type SendOptions } from 'pg-boss'
import type { Database, Sql } from '../engines/database.ts'
import { advanceFutureJobs } from './future-jobs.ts'
import { steadyClock } from '../engines/steady-clock.ts'

/** A job to do: its queue, its data (JSON) and what makes it the same job as another. */
export interface JobRequest {
  readonly name: string
  readonly data: object
  /**
   * While a job with this key waits, a new one replaces its data instead of joining the queue; while one
   * runs, the next waits for it.
   */
  readonly key: string
  /**
   * The group that the work is done for, such as a site. Of one group a server runs one job of a queue at a time, and a group with many waiting
   * jobs goes after one with few. Jobs without a group are not limited.
   */
  readonly group?: string
  /** Goes before all that are not, and waits neither for its group nor for a worker that they hold. @default false */
  readonly isUrgent?: boolean
}

/** A job in hand. */
export interface RunningJob {
  readonly id: string
  /** As it was enqueued; the queue does not check it. */
  readonly data: unknown
  /** 0 the first time. */
  readonly attempt: number
  /** Aborted when the server stops and no longer waits, or the job took longer than an hour. */
  readonly signal: AbortSignal
}

/** Ends work on a queue; resolves when no handler runs any more, or was aborted and did not end in time. */
export type StopWork = () => Promise<void>

/** Work that outlives the process: retried with backoff until it succeeds, about 20 times over hours. */
export interface Jobs {
  enqueue(job: JobRequest): Promise<void>
  /**
   * Runs jobs of the queue `name` as they come, `concurrency` at a time and one urgent one besides; a job whose handler
   * throws is retried.
   * @returns stops this work as `stop` does, and leaves other queues alone
   */
  work(name: string, concurrency: number, handler: (job: RunningJob) => Promise<void>): Promise<StopWork>
  /** Connects the queue. Jobs that a killed process had in hand are run again. */
  start(): Promise<void>
  /** Takes no more jobs and waits 3 s for those that run; then they are aborted, and retried after the next start. */
  stop(): Promise<void>
  /** Errors of the queue itself (not of handlers) since the start. */
  errorCount(): number
}

/** A job that is due again and again. */
export interface RepeatedJob {
  readonly name: string
  /** In UTC, five fields. */
  readonly cron: string
  /** How often a failed run is tried again before the next time, a minute after each failure. */
  readonly retries: number
}

/** What the registry's other parts use of the queue. */
export interface JobQueue extends Jobs {
  /** Makes sure the queue exists, so that nothing is looked up inside a transaction. */
  prepare(name: string): Promise<void>
  enqueueWithin(sql: Sql, job: JobRequest): Promise<void>
  /** To be called when the clock was set back: what waits for a time before is due now. */
  advance(): Promise<void>
  /**
   * Runs `handler` at the times of a cron expression (UTC), and now. Servers that share the database share the runs; a run
   * that is due while another waits or runs is left out. A run that was missed while no server ran is made up for once.
   */
  repeat(schedule: RepeatedJob, handler: (signal: AbortSignal) => Promise<void>): Promise<StopWork>
  /** The first time of a cron expression (UTC) after a moment. */
  timeAfter(cron: string, from: Date): Promise<Date | null>
}

/** Why work is aborted when it is stopped, in place of having taken too long. */
export const workStopped = new Error('the work was stopped')

/** How long a stop waits for running jobs before it aborts them, ms, and then for them to end. Both fit into a shutdown. */
const stopGrace = 3_000
const abortGrace = 1_500

/** Priority of urgent jobs; others have 0 and less. */
const urgent = 1

type FetchedJob = Pick<Job<unknown>, 'id' | 'data' | 'retryCount' | 'signal'>

/** Waiting jobs of a group that are counted for its order; beyond it all are alike. */
const maxCountedJobs = 100

/** @param explain makes an error that says where and what to do of what the database fails with when the queue opens */
export function createJobs(
  database: Database,
  explain: (error: unknown) => unknown = (error) => error,
): JobQueue {
  const queues = new Map<string, Promise<void>>()
  let boss: PgBoss | null = null
  let started: Promise<void> | null = null
  let stopping = new AbortController()
  let errors = 0

  const start = () => {
    started ??= open().catch((error: unknown) => {
      throw explain(error)
    })
    started.catch(() => (started = null))
    return started
  }
  const open = async () => {
    boss = new PgBoss({
      ...database.jobOptions,
      clock: steadyClock,
      schema: 'peerpress_jobs',
      schedule: true,
      registerInstance: false,
      useListenNotify: true,
      openTelemetry: { enabled: false },
      superviseIntervalSeconds: 15,
      monitorIntervalSeconds: 15,
    })
    boss.on('error', () => errors++)
    await boss.start()
    await advanceFutureJobs(database)
    if (database.exclusive) await releaseAbandoned(database, boss)
  }
  const running = () => {
    if (boss === null) throw new Error('jobs.start() comes first')
    return boss
  }
  const prepare = (name: string) => {
    let queue = queues.get(name)
    if (queue === undefined) {
      queue = start().then(() => createQueue(running(), name))
      queue.catch(() => queues.delete(name))
      queues.set(name, queue)
    }
    return queue
  }

  return {
    start,
    prepare,
    enqueue: async (job) => {
      await prepare(job.name)
      await running().upsert(job.name, job.data, await optionsFor(database, job))
    },
    enqueueWithin: async (sql, job) => {
      const db: NonNullable<SendOptions['db']> = {
        executeSql: async (text, values) => ({ rows: await sql.query(text, values) }),
      }
      await running().upsert(job.name, job.data, { ...(await optionsFor(sql, job)), db })
    },
    work: async (name, concurrency, handler) => {
      await prepare(name)
      // A new job wakes a worker at once; a retry, or the next job of a busy queue, waits for the poll.
      const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 }
      const ending = new AbortController()
      const handle = async (jobs: readonly FetchedJob[]) => {
        for (const { id, data, retryCount, signal } of jobs) {
          const aborted = AbortSignal.any([signal, stopping.signal, ending.signal])
          await handler({ id, data, attempt: retryCount, signal: aborted })
        }
      }
      const workers = { ...polling, localConcurrency: concurrency, localGroupConcurrency: 1 }
      const queue = running()
      const ids = [
        await queue.work<unknown>(name, workers, handle),
        await queue.work<unknown>(name, { ...polling, minPriority: urgent }, handle),
      ]
      return () => stopWork({ queue, name, ids, ending, grace: stopGrace })
    },
    repeat: async ({ name, cron, retries }, handler) => {
      await start()
      const queue = running()
      const queueName = `schedule.${name}`
      await queue.createQueue(queueName, {
        policy: 'exclusive',
        notify: true,
        retryLimit: retries,
        retryDelay: 60,
        expireInSeconds: 3600,
        heartbeatSeconds: 30,
        deleteAfterSeconds: 3600,
      })
      await queue.schedule(queueName, cron, {}, { missed: 'once' })
      const ending = new AbortController()
      // A new run wakes the worker; only retries wait for the poll.
      const polling = { pollingIntervalSeconds: 30, notifyPollingIntervalSeconds: 30 }
      const id = await queue.work<unknown>(queueName, polling, async ([job]: readonly FetchedJob[]) => {
        if (job !== undefined) await handler(AbortSignal.any([job.signal, stopping.signal, ending.signal]))
      })
      await queue.send(queueName, {})
      return () => stopWork({ queue, name: queueName, ids: [id], ending, grace: 0 })
    },
    timeAfter: async (cron, from) => {
      await start()
      return running().previewSchedule(cron, { from, count: 1 })[0] ?? null
    },
    stop: async () => {
      if (started === null) return
      await started
      const patience = setTimeout(() => stopping.abort(workStopped), stopGrace)
      await running().stop({ timeout: stopGrace + abortGrace })
      clearTimeout(patience)
      boss = null
      started = null
      stopping = new AbortController()
      queues.clear()
    },
    advance: async () => {
      if (boss !== null) await advanceFutureJobs(database)
    },
    errorCount: () => errors,
  }
}

/** @param options `grace`: ms that running handlers have before they are aborted */
async function stopWork(options: {
  readonly queue: PgBoss
  readonly name: string
  readonly ids: readonly string[]
  readonly ending: AbortController
  readonly grace: number
}): Promise<void> {
  const { queue, name, ids, ending, grace } = options
  const late = new AbortController()
  const abort = setTimeout(() => ending.abort(workStopped), grace)
  const ended = Promise.all(ids.map((id) => queue.offWork(name, { id, wait: true })))
  try {
    const lateness = delay(grace + abortGrace, undefined, { signal: late.signal }).catch(() => undefined)
    await Promise.race([ended, lateness])
  } finally {
    clearTimeout(abort)
    late.abort()
    ended.catch(() => undefined)
  }
}

/**
 * A group's first waiting job has priority 0, its second -1, and so on: groups take turns, however many jobs one of
 * them enqueued first.
 */
async function optionsFor(sql: Sql, { name, key, group, isUrgent }: JobRequest): Promise<SendOptions> {
  const options = { singletonKey: key, startAfter: 0, priority: isUrgent === true ? urgent : 0 }
  if (group === undefined) return options
  if (isUrgent === true) return { ...options, group: { id: group } }
  const [row] = await sql.query<{ waiting: number }>(
    `select count(*)::int as waiting from (
       select 1 from peerpress_jobs.job
       where name = $1 and state < 'active' and group_id = $2 and singleton_key <> $3
       limit ${maxCountedJobs}
     ) counted`,
    [name, group, key],
  )
  return { ...options, group: { id: group }, priority: -(row?.waiting ?? 0) }
}

async function createQueue(boss: PgBoss, name: string): Promise<void> {
  await boss.createQueue(name, {
    policy: 'singleton',
    notify: true,
    retryLimit: 20,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 900,
    expireInSeconds: 3600,
    heartbeatSeconds: 30,
    deleteAfterSeconds: 24 * 3600,
  })
  // Fills the queue's cache: a lookup during enqueueWithin would wait for the only connection, which
  // the transaction holds.
  await boss.findJobs(name, { limit: 1 })
}

/** Nobody else works on this database, so a job that is active now lost its process. */
async function releaseAbandoned(database: Database, boss: PgBoss): Promise<void> {
  const jobs = await database.query<{ id: string; name: string }>(
    `select id, name from peerpress_jobs.job where state = 'active'`,
  )
  for (const { id, name } of jobs) await boss.fail(name, id)
}
