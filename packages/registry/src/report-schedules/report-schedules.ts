import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import type { NotificationContent } from '../notifications/notification.ts'
import { addNotification, notificationQueue } from '../notifications/notify-channels.ts'
import { isRecordId as isChannelId } from '../notifications/record-id.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { RegistryError } from '../registry-error.ts'
import { isSiteId } from '../sites/site-id.ts'

export const reportCadences = ['weekly', 'monthly'] as const
export type ReportCadence = (typeof reportCadences)[number]

/** A report that is sent again and again. */
export interface ReportSchedule {
  readonly id: string
  readonly site: SiteId
  readonly cadence: ReportCadence
  /** The ids of the channels that get it. */
  readonly channels: readonly string[]
  readonly createdAt: Date
  /** The first day, `YYYY-MM-DD` in the site's time zone, of the last period that was reported or that ended before it was made. */
  readonly lastPeriod: string
}

/** The reports that sites send. */
export interface ReportSchedules {
  /** Returns the schedules of a site, oldest first. */
  of(site: SiteId): Promise<ReportSchedule[]>
  get(id: string): Promise<ReportSchedule | null>
  /** Returns the schedules of all sites. */
  list(): Promise<ReportSchedule[]>
  /** @throws {RegistryError} `unknown-site`, `unknown-channel`, `too-many-schedules` */
  add(input: Omit<ReportSchedule, 'id' | 'createdAt'>): Promise<ReportSchedule>
  /** Returns false if there is no such schedule. */
  remove(id: string): Promise<boolean>
  /**
   * Writes the report of a period for all subscribed channels, unless one of this or a later period was written. Returns the number
   * of messages.
   * @param period its first day, `YYYY-MM-DD`
   */
  send(id: string, period: string, content: NotificationContent): Promise<number>
}

/** Maximum number of a site's schedules. */
const maxSchedules = 20

export function createReportSchedules(
  database: Database,
  jobs: JobQueue,
  now: () => number,
): ReportSchedules {
  const find = async (where: string, params: readonly unknown[]) =>
    (
      await database.query<ScheduleRow>(
        `select id, site, cadence, created_at, last_period::text as last_period, array(
           select channel from peerpress.report_recipient where schedule = id order by channel) as channels
         from peerpress.report_schedule ${where} order by created_at, id`,
        params,
      )
    ).map(scheduleOf)
  return {
    of: async (site) => (isSiteId(site) ? find('where site = $1', [site]) : []),
    get: async (id) => (isRecordId(id) ? ((await find('where id = $1', [id]))[0] ?? null) : null),
    list: () => find('', []),
    add: async (input) => {
      if (!isSiteId(input.site)) throw unknownSite()
      const schedule = { ...input, id: createRecordId(), createdAt: new Date(now()) }
      return database.transaction((sql) => addSchedule(sql, schedule))
    },
    remove: async (id) =>
      isRecordId(id) &&
      (await database.query('delete from peerpress.report_schedule where id = $1 returning id', [id]))
        .length > 0,
    send: async (id, period, content) => {
      if (!isRecordId(id)) return 0
      await jobs.prepare(notificationQueue)
      return database.transaction(async (sql) => {
        // The lock makes a second server that sends the same report see that it was sent.
        const due = await sql.query(
          `update peerpress.report_schedule set last_period = $2::text::date
           where id = $1 and last_period < $2::text::date returning id`,
          [id, period],
        )
        if (due.length === 0) return 0
        const channels = await sql.query<{ channel: string }>(
          `select channel from peerpress.report_recipient join peerpress.channel on channel.id = channel
           where schedule = $1 and unsubscribed_at is null order by channel for update of channel`,
          [id],
        )
        for (const { channel } of channels) {
          await addNotification(sql, jobs, {
            channel,
            incident: null,
            type: 'report',
            content,
            at: new Date(now()),
          })
        }
        return channels.length
      })
    },
  }
}

interface ScheduleRow extends Pick<ReportSchedule, 'id' | 'site' | 'cadence' | 'channels'> {
  readonly created_at: Date
  readonly last_period: string
}

function scheduleOf({ created_at, last_period, ...row }: ScheduleRow): ReportSchedule {
  return { ...row, createdAt: created_at, lastPeriod: last_period }
}

async function addSchedule(sql: Sql, schedule: ReportSchedule): Promise<ReportSchedule> {
  const { id, site, cadence, createdAt, lastPeriod } = schedule
  const channels = [...new Set(schedule.channels)].toSorted()
  // The lock makes two additions at once count each other.
  const sites = await sql.query('select 1 from peerpress.site where id = $1 for update', [site])
  if (sites.length === 0) throw unknownSite()
  const others = await sql.query('select 1 from peerpress.report_schedule where site = $1', [site])
  if (others.length >= maxSchedules) {
    throw new RegistryError(
      'too-many-schedules',
      `A site has at most ${maxSchedules} reports: remove one first.`,
    )
  }
  const known = channels.every(isChannelId)
    ? await sql.query('select id from peerpress.channel where site = $1 and id = any($2) for share', [
        site,
        channels,
      ])
    : []
  if (channels.length === 0 || known.length < channels.length) {
    throw new RegistryError('unknown-channel', 'Choose one or more channels of this site.')
  }
  await sql.query(
    `insert into peerpress.report_schedule (id, site, cadence, created_at, last_period)
     values ($1, $2, $3, $4, $5::text::date)`,
    [id, site, cadence, createdAt, lastPeriod],
  )
  await sql.query(
    'insert into peerpress.report_recipient (schedule, channel) select $1, unnest($2::text[])',
    [id, channels],
  )
  return { ...schedule, channels }
}

function unknownSite(): RegistryError {
  return new RegistryError('unknown-site', 'There is no such site.')
}
