import { useId } from 'preact/hooks'
import { PostShareDocument } from '../../generated/graphql.ts'
import { postPath } from '../../report/post-path.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'

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
      <h2 id={`${id}-title`}>Share a post</h2>
      {posts.length === 0 ? (
        <p>Only published posts can be shared, and none is.</p>
      ) : (
        <>
          <div class="field">
            <label for={id}>Post</label>
            <p class="hint" id={`${id}-hint`}>
              The feed shows the title, summary and picture of its public page.
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
              {isBusy ? 'Reading its page…' : 'Share'}
            </button>
          </div>
        </>
      )}
    </form>
  )
}
