import { useId } from 'preact/hooks'
import { messages } from '../../messages/messages.ts'
import { formatTime } from '../../report/page-format.ts'
import type { PostDetails } from './post-details.ts'

/** What the community says about the post. */
export function PostCommunity({
  post: { sharedPost },
  timeZone,
}: {
  readonly post: PostDetails
  readonly timeZone: string
}) {
  const id = useId()
  const { posts: texts } = messages
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.community}</h2>
      {sharedPost === null ? (
        <p class="hint">{texts.notShared}</p>
      ) : (
        <>
          <p>
            {texts.votes(sharedPost.score.upVotes, sharedPost.score.downVotes)}{' '}
            {texts.sharedAt(formatTime(Date.parse(sharedPost.sharedAt), { dateStyle: 'medium', timeZone }))}{' '}
            {!sharedPost.isShown && texts.hidden}
          </p>
          {sharedPost.reasons !== null && sharedPost.reasons.length > 0 && (
            <>
              <h3>{texts.reasons}</h3>
              <ul class="problems">
                {sharedPost.reasons.map(({ host, reason }) => (
                  <li key={`${host} ${reason}`}>
                    {reason} ({host})
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  )
}
