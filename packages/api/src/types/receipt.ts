import type { LeftOut, PublishedAsset, Receipt } from '@peerpress/registry'
import { builder } from '../schema/builder.ts'
import { work } from '../limits/work.ts'
import { upperCased } from './enums.ts'
import { post } from './post.ts'

const publicationResult = builder.enumType('PublicationResult', {
  description:
    'How the last attempt to publish a post ended. PUBLISHED: with a new version. UNCHANGED: its content is the published one. REVOKED: it is public no more. ABSENT: it was not public. FAILED: it could not be read or published; the version before is still delivered.',
  values: upperCased(['published', 'unchanged', 'revoked', 'absent', 'failed'] as const),
})

const leftOut = builder.objectRef<LeftOut>('LeftOutMedia').implement({
  description: "Media of a post's page that readers load from the origin alone, for one reason.",
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'Stable code of the reason, such as too-large.' }),
    url: t.exposeString('url', {
      nullable: true,
      description: 'Its address; null if this entry counts several media.',
    }),
    count: t.exposeInt('count', { description: 'How many media the entry counts.' }),
  }),
})

const receipt = builder.objectRef<Receipt>('PostReceipt').implement({
  description: 'How the last attempt to publish a post ended.',
  fields: (t) => ({
    result: t.expose('result', { type: publicationResult, description: 'The result of the attempt.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the attempt ended.' }),
    code: t.exposeString('code', {
      nullable: true,
      description: 'Stable code of its error; null if it did not fail.',
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'The same for people; null if it did not fail.',
    }),
    leftOut: t.field({
      type: [leftOut],
      nullable: true,
      description: 'What the latest publication left to the origin; null when it is not known.',
      resolve: ({ leftOut: media }) => (media === null ? null : [...media]),
    }),
  }),
})

const asset = builder.objectRef<PublishedAsset>('PostAsset').implement({
  description: "A file of a post's latest publication that peers, seeds and mirrors can deliver.",
  fields: (t) => ({
    assetId: t.exposeString('id', { description: 'The hash of its chunk hashes, hexadecimal.' }),
    url: t.exposeString('url', { description: 'Its address on the site.' }),
    type: t.exposeString('type', { description: 'Its media type, such as image/webp.' }),
    size: t.field({ type: 'Bytes', description: 'Its length in bytes.', resolve: ({ size }) => size }),
  }),
})

/** Entries that a post lists. */
const maxAssets = 500

builder.objectFields(post, (t) => ({
  title: t.string({
    nullable: true,
    complexity: work.record,
    description:
      'The headline of its public page, else the title; null if the page was not read yet or has neither.',
    resolve: async (found, _args, { registry }) => {
      if ('title' in found) return typeof found.title === 'string' ? found.title : null
      return (await registry.posts.titles(found.site, [found.post])).get(found.post) ?? null
    },
  }),
  receipt: t.field({
    type: receipt,
    nullable: true,
    complexity: work.record,
    description: 'How the last attempt to publish it ended; null if none was recorded.',
    resolve: async ({ site, post: postId }, _args, { registry }) =>
      (await registry.outcomes.of(site, [postId]))[0] ?? null,
  }),
  assets: t.field({
    type: [asset],
    complexity: work.record,
    description: `The files of the latest publication in the order of the page: the first ${maxAssets}.`,
    resolve: async ({ site, post: postId }, _args, { registry }) =>
      (await registry.posts.assets(site, postId)).slice(0, maxAssets),
  }),
}))
