import { accountOf, nameSchema } from '@peerpress/accounts'
import type { SavedView } from '@peerpress/registry'
import * as v from 'valibot'
import { work } from '../limits/work.ts'
import { requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { requireOwn } from './own-sign-in-mutations.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const savedView = builder.objectRef<SavedView>('SavedView').implement({
  description: 'A page of reports with its range and filters, to which you gave a name.',
  fields: (t) => ({
    savedViewId: t.exposeString('id', { description: 'The id that mutations take.' }),
    name: t.exposeString('name', { description: 'The name that you gave it.' }),
    path: t.exposeString('path', {
      description: "The page and its query within the site's pages, such as regions?range=week.",
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was saved first.' }),
  }),
})

builder.objectFields(site, (t) => ({
  savedViews: t.field({
    type: [savedView],
    description: 'The views that you saved of this site, by name: at most 100. Empty for tokens and readers.',
    complexity: work.query,
    resolve: ({ id }, _args, { registry, principal }) => {
      const own = accountOf(principal)
      return own === null ? [] : registry.savedViews.of({ site: id, account: own.id })
    },
  }),
}))

/** A page and a query of the dashboard: it cannot lead to another place. */
const pathSchema = v.pipe(
  v.string(),
  v.maxLength(2000, 'give at most 2000 characters'),
  v.regex(/^(?:[a-z-]{0,40})(?:\?[\x21-\x7e]*)?$/, 'give a page and its query, such as regions?range=week'),
)

builder.relayMutationField(
  'viewSave',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      name: t.string({
        required: true,
        description: '1 to 100 characters. A view of this name is replaced.',
      }),
      path: t.string({
        required: true,
        description: "The page and its query within the site's pages, such as regions?range=week.",
      }),
    }),
  },
  {
    description: 'Saves a view of a site for you alone.',
    resolve: async (_root, { input: { siteId, name, path } }, context) => {
      const { id } = await requireSite(context, siteId, 'report.read')
      const owner = { site: id, account: requireOwn(context).id }
      for (const [field, schema, value] of [
        ['name', nameSchema, name],
        ['path', pathSchema, path],
      ] as const) {
        const parsed = v.safeParse(schema, value)
        if (!parsed.success) throw new UserProblem('INVALID', field, parsed.issues[0].message)
      }
      const saved = await context.registry.savedViews.save(owner, { name: name.trim(), path })
      if (saved !== null) return { savedView: saved }
      throw new UserProblem('TOO_MANY', null, 'You have 100 views of this site. Remove one first.')
    },
  },
  {
    outputFields: (t) => ({
      savedView: t.expose('savedView', { type: savedView, nullable: true, description: 'The saved view.' }),
    }),
  },
)

builder.relayMutationField(
  'viewRemove',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      savedViewId: t.string({ required: true, description: 'The view, which is one of your own.' }),
    }),
  },
  {
    description: 'Removes one of your saved views.',
    resolve: async (_root, { input: { siteId, savedViewId } }, context) => {
      const { id } = await requireSite(context, siteId, 'report.read')
      const owner = { site: id, account: requireOwn(context).id }
      if (await context.registry.savedViews.remove(owner, savedViewId)) return {}
      throw new UserProblem('NOT_FOUND', 'savedViewId', 'You have no such view of this site.')
    },
  },
  { outputFields: () => ({}) },
)
