import type { PostPageQuery } from '../../generated/graphql.ts'

/** A post as its page shows it. */
export type PostDetails = NonNullable<NonNullable<PostPageQuery['site']>['post']>
