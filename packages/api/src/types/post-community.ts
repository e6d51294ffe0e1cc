import { work } from '../limits/work.ts'
import { builder } from '../schema/builder.ts'
import { sharedPost } from './community.ts'
import { post } from './post.ts'

builder.objectField(post, 'sharedPost', (t) =>
  t.field({
    type: sharedPost,
    nullable: true,
    complexity: work.record,
    description: 'What the community says about it; null if its site does not share it.',
    resolve: async ({ site, post: postId }, _args, { registry, community }) => {
      const shared = await registry.sharedPosts.find(site, postId)
      if (shared === null) return null
      const found = await community.feed.post(shared.id)
      return typeof found === 'string' ? null : found
    },
  }),
)
