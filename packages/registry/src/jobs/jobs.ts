import { setTimeout as delay } from 'node:timers/promises'
import { type Job, PgBoss, type SendOptions } from 'pg-boss'
import type { Database, Sql } from '../engines/database.ts'
import { watchDueJobs } from './due-jobs.ts'
import { advanceFutureJobs } from './future-jobs.ts'
import { steadyClock } from '../engines/steady-clock.ts'

/** A job to enqueue: its queue, its data (JSON) and the key of equal jobs. */
export interface JobRequest {
  readonly name: string
  readonly data: object
  /**
   * A new job replaces the data of a waiting job with the same key. If a job with the key runs, the new one waits for its
   * end.
   */
  readonly key: string
  /**
   * The group that the job belongs to, such as a site. A server runs one job of a group and queue at a time. Groups with few
   * waiting jobs go first. Jobs without a group are not limited.
   */
  readonly group?: string
  /** Runs before jobs that are not urgent, on a worker of its own, without waiting for its group. @default false */
  readonly isUrgent?: boolean
}

/** A job that runs. */
export interface RunningJob {
  readonly id: string
  /** As it was enqueued; the queue does not check it. */
  readonly data: unknown
  /** 0 the first time. */
  readonly attempt: number
  /** Aborts a few seconds after the server began to stop, or when the job takes longer than an hour. */
  readonly signal: AbortSignal
}

/** Stops taking jobs of a queue. Resolves when no handler runs, or 1.5 s after running handlers were aborted. */
export type StopWork = () => Promise<void>

/** A durable job queue. A failed job is retried with backoff, about 20 times over hours. */
export interface Jobs {
  enqueue(job: JobRequest): Promise<void>
  /**
   * Runs jobs of the queue `name`, `concurrency` at a time plus one urgent job. A job whose handler rejects is retried.
   * @returns stops the work on this queue; running jobs have 3 s before they are aborted
   */
  work(name: string, concurrency: number, handler: (job: RunningJob) => Promise<void>): Promise<StopWork>
  /**
   * Connects the queue. Jobs that a killed process was running are run again: at once on a database of one process, else when that
   * process has given no sign of life for 30 s.
   */
  start(): Promise<void>
  /** Takes no more jobs. Running jobs have 3 s; then they are aborted, and retried after the next start. */
  stop(): Promise<void>
  /** Returns the number of errors of the queue itself (not of handlers) since the start. */
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

/** The queue as the other parts of the registry use it. */
export interface JobQueue extends Jobs {
  /** Creates the queue if needed, so that `enqueueWithin` looks nothing up inside a transaction. */
  prepare(name: string): Promise<void>
  enqueueWithin(sql: Sql, job: JobRequest): Promise<void>
  /** Call this after the clock was set back: jobs that wait for an earlier time become due. */
  advance(): Promise<void>
  /**
   * Runs `handler` now and at the times of a cron expression (UTC). Servers that share the database share the runs. A run is
   * skipped while another waits or runs. Runs that were missed while no server ran are made up for by one run.
   */
  repeat(schedule: RepeatedJob, handler: (signal: AbortSignal) => Promise<void>): Promise<StopWork>
  /** Returns the first time of a cron expression (UTC) after a moment. */
  timeAfter(cron: string, from: Date): Promise<Date | null>
}

/** The reason of an abort by a stop; other reasons mean that the job took too long. */
export const workStopped = new Error('the work was stopped')

/** How long a stop waits for running jobs before it aborts them, and for aborted jobs to end, ms. */
const stopGrace = 3_000
const abortGrace = 1_500

/** Seconds between two looks of a worker that nothing wakes. */
const backstop = 30

/** Priority of urgent jobs. Other jobs have 0 or less. */
const urgent = 1

type FetchedJob = Pick<Job<unknown>, 'id' | 'data' | 'retryCount' | 'signal'>

/** The maximum number of waiting jobs that lower a group's priority. */
const maxCountedJobs = 100

/** @param explain converts an error of the database while the queue opens into one that names the place and what to do */
export function createJobs(
  database: Database,
  explain: (error: unknown) => unknown = (error) => error,
): JobQueue {
  const queues = new Map<string, Promise<void>>()
  /** The workers of each queue. */
  const workersOf = new Map<string, readonly string[]>()
  let boss: PgBoss | null = null
  let watch: { stop(): void } | null = null
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
    // Other processes may be running jobs of a shared database: only those without a sign of life are released. The queue's own
    // check would follow the start by its interval.
    else boss.supervise().catch(() => errors++)
    watch = watchDueJobs({
      database,
      names: () => [...workersOf.keys()],
      onDue: (name) => {
        for (const id of workersOf.get(name) ?? []) boss?.notifyWorker(id)
      },
      onError: () => errors++,
    })
  }
  const running = () => {
    if (boss === null) throw new Error('the job queue has not started')
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
      // A new job wakes the workers at once, and a retry within a second.
      const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: backstop }
      const ending = new AbortController()
      const queue = running()
      const ids: string[] = []
      // Each worker has an id of its own only if the queue does not start several at once.
      const startWorker = async (options: { localGroupConcurrency: number } | { minPriority: number }) => {
        let worker: string | undefined
        worker = await queue.work<unknown>(
          name,
          { ...polling, ...options },
          async (jobs: readonly FetchedJob[]) => {
            for (const { id, data, retryCount, signal } of jobs) {
              const aborted = AbortSignal.any([signal, stopping.signal, ending.signal])
              await handler({ id, data, attempt: retryCount, signal: aborted })
              // Completed here, because a worker cannot fetch the group's next job before that. The queue's own completion
              // finds nothing to do.
              await queue.complete(name, id)
              // It fetches again at once, so that a long queue does not wait.
              if (worker !== undefined) queue.notifyWorker(worker)
            }
          },
        )
        ids.push(worker)
      }
      for (let n = 0; n < concurrency; n++) await startWorker({ localGroupConcurrency: 1 })
      await startWorker({ minPriority: urgent })
      workersOf.set(name, [...(workersOf.get(name) ?? []), ...ids])
      return () => {
        const left = workersOf.get(name)?.filter((id) => !ids.includes(id)) ?? []
        if (left.length > 0) workersOf.set(name, left)
        else workersOf.delete(name)
        return stopWork({ queue, name, ids, ending, grace: stopGrace })
      }
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
      const polling = { pollingIntervalSeconds: backstop, notifyPollingIntervalSeconds: backstop }
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
      watch?.stop()
      workersOf.clear()
      const abort = setTimeout(() => stopping.abort(workStopped), stopGrace)
      await running().stop({ timeout: stopGrace + abortGrace })
      clearTimeout(abort)
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
 * The first waiting job of a group has priority 0, the second -1, and so on. So groups take turns, even if one of them
 * enqueued many jobs first.
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
  // Fills the queue's cache. A lookup during enqueueWithin would wait for ever for the only connection, which the
  // transaction holds.
  await boss.findJobs(name, { limit: 1 })
}

/** Releases jobs whose process ended: no other process uses an exclusive database, so no active job is running. */
async function releaseAbandoned(database: Database, boss: PgBoss): Promise<void> {
  const jobs = await database.query<{ id: string; name: string }>(
    `select id, name from peerpress_jobs.job where state = 'active'`,
  )
  for (const { id, name } of jobs) await boss.fail(name, id)
}
