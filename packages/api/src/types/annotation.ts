import { accountOf, may } from '@peerpress/accounts'
import { maxNoteLength, type TimelineEntry, type TimelineKind, timelineKinds } from '@peerpress/registry'
import type { RequestContext } from '../context.ts'
import { work } from '../limits/work.ts'
import { requireSite, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { post } from './post.ts'
import { report } from './report.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const annotationKind = builder.enumType('AnnotationKind', {
  description:
    'What happened. NOTE: somebody wrote it. POLICY: the site has another mode or consent. PUBLICATION: a post was published or published again. RELEASE: a part of the site, such as its plugin or theme, has another version. REVOCATION: a post is public no more.',
  values: upperCased(timelineKinds),
})

/** A mark on the charts of a site. */
const annotation = builder.objectRef<TimelineEntry>('Annotation')

builder.node(annotation, {
  description: 'Something that happened at a site and may explain its figures.',
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'author' in value && 'at' in value,
  loadOne: async (id, context) => {
    const found = await context.registry.timeline.get(id)
    if (found === null || (await siteOf(context, found.site, 'report.read')) === null) return null
    return kindsFor(context, found.site).includes(found.kind) ? found : null
  },
  fields: (t) => ({
    kind: t.expose('kind', { type: annotationKind, description: 'What happened.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    subject: t.exposeString('subject', {
      nullable: true,
      description:
        'The postId of a publication or revocation, the mode of a policy, the version of a release; null for a note.',
    }),
    text: t.exposeString('text', {
      nullable: true,
      description:
        'The text of a note, the version of a publication or revocation, the consent of a policy, the part of the site that was released.',
    }),
    mayRemove: t.boolean({
      description: 'Whether you may remove it: editors and owners may remove notes.',
      resolve: (entry, _args, { principal }) =>
        entry.kind === 'note' && may(principal, 'post.publish', entry.site),
    }),
  }),
})

const maxAnnotations = 200

builder.objectField(report, 'annotations', (t) =>
  t.field({
    type: [annotation],
    complexity: work.record,
    description: `What happened in the range, latest first: the latest ${maxAnnotations}. The filter does not apply. Notes are for members, and releases are not for readers of public reports.`,
    resolve: ({ site: siteId, from, to }, _args, context) => {
      const kinds = kindsFor(context, siteId)
      return context.registry.timeline.between(siteId, { from, to, kinds }, maxAnnotations)
    },
  }),
)

/** Returns the kinds that a principal may read. Versions of plugins tell attackers which faults a site has. */
function kindsFor({ principal }: Pick<RequestContext, 'principal'>, siteId: string): readonly TimelineKind[] {
  return timelineKinds.filter((kind) => {
    if (kind === 'note') return may(principal, 'evidence.read', siteId)
    return kind !== 'release' || principal.kind !== 'reader'
  })
}

builder.objectField(post, 'publications', (t) =>
  t.field({
    type: [annotation],
    complexity: work.record,
    description:
      'Its publications and revocations, latest first: the latest 100. Those of before release 0.3 have the latest alone.',
    resolve: ({ site: siteId, post: postId }, _args, { registry }) =>
      registry.timeline.ofPost(siteId, postId, 100),
  }),
)

builder.relayMutationField(
  'annotationAdd',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: 'The site.' }),
      noteAt: t.field({ type: 'DateTime', required: true, description: 'The time that the note is about.' }),
      note: t.string({ required: true, description: `Plain text of 1 to ${maxNoteLength} characters.` }),
    }),
  },
  {
    description: 'Writes a note on the charts of a site. For editors and owners.',
    resolve: async (_root, { input: { siteId, noteAt, note } }, context) => {
      await requireSite(context, siteId, 'post.publish')
      const text = note.trim()
      if (text === '' || text.length > maxNoteLength) {
        throw new UserProblem('INVALID', 'note', `A note has 1 to ${maxNoteLength} characters.`)
      }
      if (noteAt.getTime() < 0 || noteAt.getUTCFullYear() > 9999) {
        throw new UserProblem('INVALID', 'noteAt', 'A note is about a time from 1970 on.')
      }
      const author = accountOf(context.principal)?.id ?? null
      const added = await context.registry.timeline.addNote({ site: siteId, at: noteAt, text, author })
      // The site was removed meanwhile.
      if (added === null) throw new UserProblem('NOT_FOUND', 'siteId', 'There is no such site.')
      return added
    },
  },
  {
    outputFields: (t) => ({
      annotation: t.field({ type: annotation, description: 'The new note.', resolve: (added) => added }),
    }),
  },
)

builder.relayMutationField(
  'annotationRemove',
  {
    inputFields: (t) => ({
      annotationId: t.globalID({ required: true, for: annotation, description: 'The id of the note.' }),
    }),
  },
  {
    description: 'Removes a note from the charts of its site. For editors and owners.',
    resolve: async (_root, { input: { annotationId } }, context) => {
      const found = await context.registry.timeline.get(annotationId.id)
      if (found === null || found.kind !== 'note') {
        throw new UserProblem('NOT_FOUND', 'annotationId', 'There is no such note.')
      }
      const owner = await siteOf(context, found.site, 'post.publish')
      if (owner === null || !(await context.registry.timeline.removeNote(found.id))) {
        throw new UserProblem('NOT_FOUND', 'annotationId', 'There is no such note.')
      }
      return { site: owner }
    },
  },
  {
    outputFields: (t) => ({
      site: t.expose('site', { type: site, description: 'The site that had the note.' }),
    }),
  },
)
