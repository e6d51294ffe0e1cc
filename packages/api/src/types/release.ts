import type { Release } from '@peerpress/registry'
import { work } from '../limits/work.ts'
import { requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const release = builder.objectRef<Release>('Release').implement({
  description: 'A version of a part of a site: its theme, a plugin, or PeerPress.',
  fields: (t) => ({
    component: t.exposeString('component', { description: 'The part, such as "theme garden".' }),
    version: t.exposeString('version', { description: 'Its version, as the part names it.' }),
    releasedAt: t.expose('releasedAt', { type: 'DateTime', description: 'When it was first seen.' }),
  }),
})

/** Releases are listed for as long as views usually are retained, ms. */
const listed = 400 * 86_400_000

builder.objectField(site, 'releases', (t) =>
  t.field({
    type: [release],
    description:
      'The releases of the last 400 days, latest first; 200 at most. Empty for readers of public reports: versions of plugins tell attackers which faults a site has.',
    complexity: work.record,
    resolve: async ({ id }, _args, { registry, principal }) =>
      principal.kind === 'reader' ? [] : registry.releases.list(id, new Date(Date.now() - listed)),
  }),
)

builder.relayMutationField(
  'releaseRecord',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      component: t.string({ required: true, description: 'The part, such as "theme garden". One line.' }),
      version: t.string({ required: true, description: 'Its version. One line.' }),
      releasedAt: t.field({
        type: 'DateTime',
        description: 'Since when it is in use; now if it is left out.',
      }),
    }),
  },
  {
    description:
      'Records that a version of a part of the site is in use, such as after a deployment. A version that is known keeps its time.',
    resolve: async (
      _root,
      { input: { siteId, component, version, releasedAt } },
      { registry, ...context },
    ) => {
      const { id } = await requireSite({ registry, ...context }, siteId, 'post.publish')
      const at = releasedAt ?? new Date()
      if (at.getTime() > Date.now() + 86_400_000) {
        throw new UserProblem('INVALID', 'releasedAt', 'A release is not recorded before it is in use.')
      }
      if (!(await registry.releases.record(id, { component, version, releasedAt: at }))) {
        throw new UserProblem(
          'INVALID',
          'component',
          'Component and version are lines of 1 to 100 characters.',
        )
      }
      return { recorded: true }
    },
  },
  {
    outputFields: (t) => ({
      recorded: t.exposeBoolean('recorded', { description: 'Always true; a refusal is an error.' }),
    }),
  },
)
