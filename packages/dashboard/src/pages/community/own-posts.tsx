import { useId } from 'preact/hooks'
import type { OwnPostFragment } from '../../generated/graphql.ts'
import { basePath } from '../../navigation/base-path.ts'
import { format } from '../../report/page-format.ts'

/** What the site shared, with the numbers of its place and the reasons of downvotes. */
export function OwnPosts({ posts }: { readonly posts: readonly OwnPostFragment[] }) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>What this site shared</h2>
      <ol class="finding-list">
        {posts.map((post) => (
          <OwnPost key={post.id} post={post} />
        ))}
      </ol>
    </section>
  )
}

function OwnPost({
  post: { submissionId, title, isShown, score, reasons },
}: {
  readonly post: OwnPostFragment
}) {
  return (
    <li class="finding">
      <h3>
        <a href={`${basePath}community/posts/${submissionId}`} dir="auto">
          {title}
        </a>
      </h3>
      <p class="hint">
        {!isShown && 'Not shown at the moment. '}
        {format.count(score.upVotes)} up, {format.count(score.downVotes)} down; U {score.upWeight.toFixed(2)},
        Q {score.quality.toFixed(2)}, F {score.factor.toFixed(2)}, place {score.hot.toFixed(2)}
      </p>
      {reasons !== null && reasons.length > 0 && (
        <ul>
          {reasons.map(({ host, reason }) => (
            <li key={host}>
              {host}: <span dir="auto">{reason}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}
