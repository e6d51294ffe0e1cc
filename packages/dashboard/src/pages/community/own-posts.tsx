import { useId } from 'preact/hooks'
import type { OwnPostFragment } from '../../generated/graphql.ts'
import { basePath } from '../../navigation/base-path.ts'
import { format } from '../../report/page-format.ts'
import { communityMessages } from '../../messages/community-messages.ts'

const texts = communityMessages.ownPosts

/** What the site shared, with the numbers of its place and the reasons of downvotes. */
export function OwnPosts({ posts }: { readonly posts: readonly OwnPostFragment[] }) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.whatThisSiteShared}</h2>
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
        {!isShown && texts.notShownAtMoment}
        {texts.numbers({
          up: format.count(score.upVotes),
          down: format.count(score.downVotes),
          weight: score.upWeight.toFixed(2),
          quality: score.quality.toFixed(2),
          performance: score.factor.toFixed(2),
          place: score.hot.toFixed(2),
        })}
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
