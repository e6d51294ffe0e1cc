import { useId } from 'preact/hooks'
import { PostShareDocument } from '../../generated/graphql.ts'
import { postPath } from '../../report/post-path.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { communityMessages } from '../../messages/community-messages.ts'

const texts = communityMessages.sharePost

interface SharePostProps {
  readonly siteId: string
  /** The published posts. */
  readonly posts: readonly { readonly postId: string; readonly url: string }[]
  readonly onChange: () => void
}

/** Shares one of the latest published posts. */
export function SharePost({ siteId, posts, onChange }: SharePostProps) {
  const id = useId()
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    await send(PostShareDocument, { input: { siteId, postId: field('post') } })
    onChange()
  })
  return (
    <form class="panel fields" aria-labelledby={`${id}-title`} onSubmit={submit}>
      <h2 id={`${id}-title`}>{texts.sharePost}</h2>
      {posts.length === 0 ? (
        <p>{texts.onlyPublishedPostsCan}</p>
      ) : (
        <>
          <div class="field">
            <label for={id}>{texts.post}</label>
            <p class="hint" id={`${id}-hint`}>
              {texts.feedShowsTitleSummary}
            </p>
            <select id={id} name="post" aria-describedby={`${id}-hint`}>
              {posts.map(({ postId, url }) => (
                <option key={postId} value={postId}>
                  {postPath(postId, url)}
                </option>
              ))}
            </select>
          </div>
          {problem !== null && (
            <p class="bad" role="alert">
              {problem}
            </p>
          )}
          <div class="save">
            <button type="submit" disabled={isBusy}>
              {isBusy ? texts.readingItsPage : texts.share}
            </button>
          </div>
        </>
      )}
    </form>
  )
}
