import { type EvidenceItem, evidenceSources } from '@peerpress/registry'
import { postIdSchema } from '@peerpress/wire'
import * as v from 'valibot'
import { pageWork } from '../limits/work.ts'
import { requireAction, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'

const evidenceSource = builder.enumType('EvidenceSource', {
  description:
    'Where evidence comes from. FINDING: an analysis. QUERY: what people searched when a search engine showed the site. ENGAGEMENT: what readers did. POST: a published post. DOWNVOTE, REPORT and QUESTION: what the community said. UPLOAD: what somebody uploaded.',
  values: upperCased(evidenceSources),
})

/** An item of evidence. Its global id holds `siteId/ev_…`: neither may contain a slash. */
export const evidence = builder.objectRef<EvidenceItem>('Evidence')

builder.node(evidence, {
  description: 'A dated fact about a site that a brief or a draft may cite. Its texts are plain, never HTML.',
  id: { resolve: ({ site: siteId, id }) => `${siteId}/${id}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'source' in value && 'text' in value,
  loadOne: async (id, context) => {
    const [siteId = '', evidenceId = ''] = id.split('/')
    const owner = await siteOf(context, siteId, 'evidence.read')
    return owner === null ? null : ((await context.registry.evidence.get(owner.id, [evidenceId]))[0] ?? null)
  },
  fields: (t) => ({
    evidenceId: t.exposeString('id', {
      description: 'The id by which briefs and drafts cite it: ev_ and 16 characters.',
    }),
    source: t.expose('source', { type: evidenceSource, description: 'Where it comes from.' }),
    date: t.exposeString('date', {
      description: "When it was true: YYYY-MM-DD in the site's time zone.",
    }),
    region: t.exposeString('region', {
      nullable: true,
      description:
        'ISO 3166-1 alpha-2, or ISO 3166-2 for a subdivision; null if it is of no region in particular.',
    }),
    language: t.exposeString('language', {
      nullable: true,
      description: 'BCP 47; null if it is unknown.',
    }),
    postId: t.exposeString('post', {
      nullable: true,
      description: "The CMS's id of the post that it is about; null if it is about none.",
    }),
    title: t.exposeString('title', {
      nullable: true,
      description: 'The post, query, heading or file that it is of; null if it has none.',
    }),
    text: t.exposeString('text', { description: 'The fact: up to 20,000 characters.' }),
    url: t.exposeString('url', {
      nullable: true,
      description: 'Where it can be checked; null if it has no address.',
    }),
  }),
})

builder.objectField(site, 'evidence', (t) =>
  t.connection({
    type: evidence,
    description:
      'What is known of the site, the newest first. It is gathered each day; members of the site can read it.',
    args: {
      sources: t.arg({ type: [evidenceSource], description: 'Of these sources; null for all.' }),
      region: t.arg.string({
        description: 'Of this country with its subdivisions (ISO 3166-1), or of this subdivision (3166-2).',
      }),
      postId: t.arg.string({ description: "About this post: the CMS's id." }),
    },
    complexity: pageWork,
    resolve: ({ id }, { sources, region, postId, ...args }, context) => {
      requireAction(context, 'evidence.read', id)
      const filter = {
        sources: sources ?? undefined,
        region: region ?? undefined,
        post: postId ?? undefined,
      }
      const isPossible = postId == null || v.is(postIdSchema, postId)
      return keysetPageOf(args, {
        list: ['evidence', id, sources?.toSorted(), region, postId],
        load: async (query) => (isPossible ? context.registry.evidence.page(id, filter, query) : []),
      })
    },
  }),
)
