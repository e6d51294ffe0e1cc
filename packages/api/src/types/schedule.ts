import type { ScheduleOutcome } from '@peerpress/registry'
import { work } from '../limits/work.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'

/** Times are measured by one server's clock, so no run ends before it began. */
const durationOf = ({ startedAt, endedAt }: ScheduleOutcome): number | null =>
  startedAt === null || endedAt === null ? null : Math.max(0, endedAt.getTime() - startedAt.getTime())

const schedule = builder.objectRef<ScheduleOutcome>('Schedule').implement({
  description: 'Repeating work of the whole installation, and how its last run ended.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Stable, such as rollups.' }),
    cron: t.exposeString('cron', {
      description: 'When it is due, in UTC: a cron expression of five fields.',
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the last run began. Null before the first run ended.',
      resolve: ({ startedAt }) => startedAt,
    }),
    durationMs: t.float({
      nullable: true,
      description: 'How long the last run took, ms. Null before the first run ended.',
      resolve: durationOf,
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why the last run failed. Null if it succeeded.',
    }),
    succeededAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a run last succeeded. Null if none did.',
      resolve: ({ succeededAt }) => succeededAt,
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the run after the last one is due. Null before the first run ended.',
      resolve: ({ dueAt }) => dueAt,
    }),
  }),
})

builder.queryField('schedules', (t) =>
  t.field({
    type: [schedule],
    description: 'The repeating work of this installation, by name. For administrators.',
    complexity: work.query,
    resolve: (_root, _args, context) => {
      requireAction(context, 'installation.manage', null)
      return context.registry.schedules.outcomes()
    },
  }),
)
