import { InsightsError, isDay } from '@peerpress/insights'
import type { SearchPeriod } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import { requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'

const exportDays = builder.inputType('ExportDaysInput', {
  description: 'The days of an export, both included.',
  fields: (t) => ({
    firstDay: t.string({ required: true, description: 'YYYY-MM-DD' }),
    lastDay: t.string({ required: true, description: 'YYYY-MM-DD' }),
  }),
})

interface ImportedExport {
  readonly firstDay: string
  readonly lastDay: string
  readonly countries: readonly unknown[]
  readonly unknownNames: readonly string[]
}

const importedExport = builder.objectRef<ImportedExport>('ImportedSearchExport').implement({
  description: 'An export that was imported.',
  fields: (t) => ({
    firstDay: t.exposeString('firstDay', { description: 'YYYY-MM-DD' }),
    lastDay: t.exposeString('lastDay', { description: 'YYYY-MM-DD, included.' }),
    countries: t.int({
      description: 'Countries with figures.',
      resolve: ({ countries }) => countries.length,
    }),
    unknownNames: t.stringList({
      description: 'Names that are no country in any language of Search Console. Their rows were left out.',
      resolve: ({ unknownNames }) => [...unknownNames],
    }),
  }),
})

builder.relayMutationField(
  'searchImport',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      recentFile: t.string({
        required: true,
        description:
          'The export of the last 28 days: the zip as it was downloaded, or its table of countries alone; base64.',
      }),
      recentDays: t.field({
        type: exportDays,
        description: 'Needed for a table alone: only the zip has its days.',
      }),
      earlierFile: t.string({ required: true, description: 'The same of the 168 days before.' }),
      earlierDays: t.field({ type: exportDays }),
    }),
  },
  {
    description:
      'Imports two exports of Search Console, whose countries are compared, and has the site analysed. An export never has countries by day, so that two are needed.',
    resolve: async (_root, { input }, context) => {
      const { id } = await requireSite(context, input.siteId, 'post.publish')
      try {
        return await context.insights.importSearch(id, {
          recent: exportOf('The recent export', input.recentFile, input.recentDays),
          earlier: exportOf('The earlier export', input.earlierFile, input.earlierDays),
        })
      } catch (cause) {
        if (cause instanceof InsightsError) throw new ApiError('BAD_USER_INPUT', cause.message, { cause })
        throw cause
      }
    },
  },
  {
    outputFields: (t) => ({
      recent: t.expose('recent', { type: importedExport }),
      earlier: t.expose('earlier', { type: importedExport }),
    }),
  },
)

/** @throws {ApiError} `BAD_USER_INPUT` */
function exportOf(name: string, file: string, days: SearchPeriod | null | undefined) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(file)) throw new ApiError('BAD_USER_INPUT', `${name} is not in base64.`)
  if (days != null && !(isDay(days.firstDay) && isDay(days.lastDay) && days.firstDay <= days.lastDay)) {
    throw new ApiError('BAD_USER_INPUT', `The days of ${name} are no two days such as 2026-02-02, in order.`)
  }
  return { name, bytes: Buffer.from(file, 'base64'), days: days ?? null }
}
