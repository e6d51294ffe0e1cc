import { accountOf } from '@peerpress/accounts'
import { canonicalLanguage, EditorialError, isDay, regionOf } from '@peerpress/editorial'
import { InsightsError } from '@peerpress/insights'
import { type Site, type Upload, uploadKinds } from '@peerpress/registry'
import { daysUntil } from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import { pageWork } from '../limits/work.ts'
import { requireAction, requireSite, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const uploadKind = builder.enumType('UploadKind', {
  description: 'TEXT: notes in words, also as HTML. TABLE: a CSV file; each row is an item of evidence.',
  values: upperCased(uploadKinds),
})

/** An upload. Its global id holds `siteId/uploadId`: neither may contain a slash. */
const upload = builder.objectRef<Upload>('Upload')

builder.node(upload, {
  description: 'A file that somebody uploaded as evidence.',
  id: { resolve: ({ site: siteId, id }) => `${siteId}/${id}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'uploadedAt' in value,
  loadOne: async (id, context) => {
    const [siteId = '', uploadId = ''] = id.split('/')
    const owner = await siteOf(context, siteId, 'evidence.read')
    if (owner === null) return null
    return (await context.registry.uploads.list(owner.id)).find((each) => each.id === uploadId) ?? null
  },
  fields: (t) => ({
    name: t.exposeString('name', { description: "The file's name." }),
    kind: t.expose('kind', { type: uploadKind, description: 'How it was read.' }),
    uploadedAt: t.expose('uploadedAt', { type: 'DateTime', description: 'When it was uploaded.' }),
    uploadedBy: t.exposeString('uploadedBy', {
      nullable: true,
      description: 'Name of the person who uploaded it; null if a program did.',
    }),
    items: t.exposeInt('items', { description: 'Items of evidence that it became.' }),
  }),
})

builder.objectField(site, 'uploads', (t) =>
  t.connection({
    type: upload,
    description: 'What was uploaded as evidence, the newest first. Members of the site can read it.',
    complexity: pageWork,
    resolve: async ({ id }, args, context) => {
      requireAction(context, 'evidence.read', id)
      const uploads = await context.registry.uploads.list(id)
      return pageOf(uploads, args, (each) => `${each.uploadedAt.toISOString()} ${each.id}`)
    },
  }),
)

builder.relayMutationField(
  'evidenceUpload',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      name: t.string({ required: true, description: "The file's name, for people." }),
      format: t.field({ type: uploadKind, required: true, description: 'How to read it.' }),
      uploadFile: t.string({ required: true, description: 'Its bytes in base64; up to 512 KiB of bytes.' }),
      date: t.string({
        description: 'When it was true, YYYY-MM-DD; null for today. A column "date" of a table comes first.',
      }),
      region: t.string({
        description:
          'The country (ISO 3166-1) or subdivision (3166-2) that it is about; null for none. A column "region" comes first.',
      }),
      language: t.string({ description: 'BCP 47; null: it is detected. A column "language" comes first.' }),
    }),
  },
  {
    description:
      'Stores a text or table as evidence. It is cut into items of plain text; nothing in it is followed or run.',
    resolve: async (_root, { input }, context) => {
      const owner = await requireSite(context, input.siteId, 'post.publish')
      const { name, format, uploadFile, date, region, language } = input
      try {
        return await context.editorial.addUpload(owner.id, {
          name,
          kind: format,
          bytes: bytesOf(uploadFile),
          date: dateOf(date, owner),
          region: checked(region, regionOf, 'a region such as FR or FR-BRE'),
          language: checked(language, canonicalLanguage, 'a language such as fr or pt-BR'),
          by: accountOf(context.principal)?.name ?? null,
        })
      } catch (cause) {
        if (cause instanceof EditorialError) throw new ApiError('BAD_USER_INPUT', cause.message, { cause })
        throw cause
      }
    },
  },
  {
    outputFields: (t) => ({
      upload: t.field({ type: upload, description: 'The upload.', resolve: (added) => added }),
    }),
  },
)

builder.relayMutationField(
  'evidenceUploadRemove',
  {
    inputFields: (t) => ({
      uploadId: t.globalID({ required: true, for: upload, description: "The upload's id." }),
    }),
  },
  {
    description: 'Removes an upload and its evidence. Briefs that cite it show that it is gone.',
    resolve: async (_root, { input: { uploadId } }, context) => {
      const [siteId = '', id = ''] = uploadId.id.split('/')
      const owner = await requireSite(context, siteId, 'post.publish')
      const removed = await context.registry.uploads.remove(owner.id, id)
      if (removed === null) throw new UserProblem('NOT_FOUND', 'uploadId', 'There is no such upload.')
      return removed
    },
  },
  {
    outputFields: (t) => ({
      upload: t.field({ type: upload, description: 'What was removed.', resolve: (removed) => removed }),
    }),
  },
)

builder.relayMutationField(
  'searchQueriesImport',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      queriesFile: t.string({
        required: true,
        description: "Search Console's export: the zip, or its table of queries alone; base64.",
      }),
      firstDay: t.string({ description: 'YYYY-MM-DD; needed for a table alone.' }),
      lastDay: t.string({ description: 'YYYY-MM-DD, included; needed for a table alone.' }),
      region: t.string({
        description: 'The country that the export was filtered by (ISO 3166-1); null if it was not.',
      }),
    }),
  },
  {
    description:
      'Imports the queries of an export of Search Console. An export of one country gives a lagging region its topic.',
    resolve: async (_root, { input }, context) => {
      const owner = await requireSite(context, input.siteId, 'post.publish')
      const region = checked(input.region, regionOf, 'a country such as FR')
      try {
        const { queries } = await context.insights.importQueries(owner.id, {
          name: 'The export',
          bytes: bytesOf(input.queriesFile),
          days: periodOf(input.firstDay, input.lastDay),
          region,
        })
        return { queryCount: queries.length }
      } catch (cause) {
        if (cause instanceof InsightsError) throw new ApiError('BAD_USER_INPUT', cause.message, { cause })
        throw cause
      }
    },
  },
  {
    outputFields: (t) => ({
      queryCount: t.exposeInt('queryCount', { description: 'Queries that were imported.' }),
    }),
  },
)

/** @throws {ApiError} `BAD_USER_INPUT` */
function bytesOf(file: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(file))
    throw new UserProblem('INVALID', null, 'The file is not in base64.')
  return Buffer.from(file, 'base64')
}

/** @throws {ApiError} `BAD_USER_INPUT` */
function dateOf(date: string | null | undefined, { timeZone }: Site): string {
  if (date == null) return daysUntil(new Date(), 1, timeZone).last
  if (!isDay(date)) throw new UserProblem('INVALID', 'date', 'The date is no day such as 2026-02-02.')
  return date
}

/** @throws {ApiError} `BAD_USER_INPUT` */
function periodOf(firstDay: string | null | undefined, lastDay: string | null | undefined) {
  if (firstDay == null && lastDay == null) return null
  if (firstDay == null || lastDay == null || !isDay(firstDay) || !isDay(lastDay) || firstDay > lastDay) {
    throw new UserProblem('INVALID', 'firstDay', 'The days are no two days such as 2026-02-02, in order.')
  }
  return { firstDay, lastDay }
}

/** @throws {ApiError} `BAD_USER_INPUT` */
function checked(
  text: string | null | undefined,
  canonical: (text: string) => string | null,
  what: string,
): string | null {
  if (text == null || text === '') return null
  const found = canonical(text)
  if (found === null) throw new UserProblem('INVALID', null, `"${text.slice(0, 40)}" is not ${what}.`)
  return found
}
