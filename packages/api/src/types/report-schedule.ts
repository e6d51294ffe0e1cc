import { may } from '@peerpress/accounts'
import { lastPeriod } from '@peerpress/insights'
import { RegistryError, reportCadences, type ReportSchedule } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import { work } from '../limits/work.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { channel } from './channel.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const cadence = builder.enumType('ReportCadence', {
  description:
    "How often a report is sent. WEEKLY: after each week from Monday. MONTHLY: after each month. Both in the site's time zone.",
  values: upperCased(reportCadences),
})

const schedule = builder.objectRef<ReportSchedule>('ReportSchedule').implement({
  description: 'A report of figures and findings that is sent again and again.',
  fields: (t) => ({
    scheduleId: t.exposeString('id', { description: 'The id that mutations take.' }),
    cadence: t.expose('cadence', { type: cadence, description: 'How often it is sent.' }),
    channels: t.field({
      type: [channel],
      description: 'Who gets it.',
      resolve: async ({ site: of, channels }, _args, { registry }) =>
        (await registry.channels.of(of)).filter(({ id }) => channels.includes(id)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    lastPeriod: t.exposeString('lastPeriod', {
      description:
        'The first day of the last period that was reported, or that had ended when it was made; YYYY-MM-DD.',
    }),
  }),
})

/** As many as the registry allows. */
const maxSchedules = 20

builder.objectField(site, 'reportSchedules', (t) =>
  t.field({
    type: [schedule],
    description: 'The reports that are sent, oldest first. For owners: recipients are personal.',
    complexity: { field: work.record, multiplier: maxSchedules },
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'site.configure', id)
      return context.registry.reportSchedules.of(id)
    },
  }),
)

builder.relayMutationField(
  'reportScheduleAdd',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      cadence: t.field({ type: cadence, required: true, description: 'How often it is sent.' }),
      channelIds: t.stringList({ required: true, description: 'The channels that get it: one or more.' }),
    }),
  },
  {
    description:
      'Sends a report to channels from the end of the present week or month on. E-mails have the unsubscribe link of the channel.',
    resolve: async (_root, { input }, context) => {
      const found = await requireSite(context, input.siteId, 'site.configure')
      const { firstDay } = lastPeriod(input.cadence, found.timeZone, new Date())
      try {
        const added = await context.registry.reportSchedules.add({
          site: found.id,
          cadence: input.cadence,
          channels: input.channelIds,
          lastPeriod: firstDay,
        })
        return { schedule: added }
      } catch (cause) {
        if (cause instanceof RegistryError) throw new ApiError('BAD_USER_INPUT', cause.message, { cause })
        throw cause
      }
    },
  },
  {
    outputFields: (t) => ({
      schedule: t.expose('schedule', { type: schedule, description: 'The new schedule.' }),
    }),
  },
)

builder.relayMutationField(
  'reportScheduleRemove',
  {
    inputFields: (t) => ({ scheduleId: t.string({ required: true, description: "The schedule's id." }) }),
  },
  {
    description: 'Sends a report no more. Its channels stay.',
    resolve: async (_root, { input: { scheduleId } }, { registry, principal }) => {
      const found = await registry.reportSchedules.get(scheduleId)
      if (found === null || !may(principal, 'site.configure', found.site)) {
        throw new UserProblem('NOT_FOUND', 'scheduleId', 'There is no such report.')
      }
      return { wasThere: await registry.reportSchedules.remove(found.id) }
    },
  },
  {
    outputFields: (t) => ({
      wasThere: t.exposeBoolean('wasThere', {
        description: 'False if somebody else has removed it in the meantime.',
      }),
    }),
  },
)
