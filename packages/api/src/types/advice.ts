import { type Advice, type AdviceKind, adviceKinds } from '@peerpress/editorial'
import { pageWork } from '../limits/work.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'

export const adviceKind = builder.enumType('AdviceKind', {
  description:
    'What is wrong with the title or the description of a public page. MISSING: it has none. DUPLICATE: another page has the same. TRUNCATED: it is wider than Google shows on a desktop.',
  values: upperCased<AdviceKind>(adviceKinds),
})

const advice = builder.objectRef<Advice>('Advice').implement({
  description: 'Something to improve in what search engines show of a page, read from its public HTML.',
  fields: (t) => ({
    kind: t.expose('kind', { type: adviceKind, description: 'What is wrong.' }),
    postId: t.exposeString('post', { description: "The CMS's id of the post." }),
    url: t.exposeString('url', { description: 'The address of the page.' }),
    title: t.string({
      nullable: true,
      description: 'The title of the public page. Null if it has none.',
      resolve: ({ shown }) => shown.title,
    }),
    description: t.string({
      nullable: true,
      description: 'The meta description of the public page. Null if it has none.',
      resolve: ({ shown }) => shown.description,
    }),
    pixels: t.exposeFloat('pixels', {
      description: 'How wide the text is in Google’s results on a desktop, CSS pixels; 0 if there is none.',
    }),
    maxPixels: t.exposeFloat('maxPixels', {
      description: 'The width that is shown without being cut, CSS pixels.',
    }),
    sameAs: t.exposeStringList('sameAs', {
      description: 'The ids of posts with the same text. Empty if it is no duplicate.',
    }),
    proposal: t.exposeString('proposal', {
      nullable: true,
      description:
        'A text made of the page’s own words. Null if they give none, so that a person has to write it.',
    }),
  }),
})

builder.objectField(site, 'advice', (t) =>
  t.connection({
    type: advice,
    description:
      'What is missing, duplicate or truncated in titles and descriptions, without pages in an open trial and without what was rolled back. Pages are read each day.',
    args: {
      only: t.arg({ type: adviceKind, description: 'Only of this kind. By default of all.' }),
    },
    complexity: pageWork,
    resolve: async ({ id }, { only, ...args }, context) => {
      requireAction(context, 'evidence.read', id)
      const found = await context.advising.advice(id)
      const chosen = found.filter((of) => only == null || of.kind === only)
      return pageOf(chosen, args, (of) => `${adviceKinds.length - adviceKinds.indexOf(of.kind)} ${of.post}`)
    },
  }),
)
