import { useId, useState } from 'preact/hooks'
import { type FeedPostFragment, PostVoteDocument, type VoteValue } from '../../generated/graphql.ts'
import { basePath } from '../../navigation/base-path.ts'
import { format } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { ReportPost } from './report-post.tsx'
import { communityMessages } from '../../messages/community-messages.ts'

const texts = communityMessages.communityFeed

interface CommunityFeedProps {
  readonly siteId: string
  /** The member site of this site; null: it cannot vote. */
  readonly own: string | null
  readonly posts: readonly FeedPostFragment[]
  readonly onChange: () => void
}

/** The first posts of the feed, to vote on. */
export function CommunityFeed({ siteId, own, posts, onChange }: CommunityFeedProps) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.hotPosts}</h2>
      <p class="hint">
        {texts.asEverybodySeesThem} <a href={`${basePath}community`}>{texts.publicPage}</a>
        {texts.siteHasVotesDay}
      </p>
      {posts.length === 0 && <p>{texts.nothingWasSharedYet}</p>}
      <ol class="finding-list">
        {posts.map((post) => (
          <li key={post.id} class="finding">
            <h3>
              <a href={post.url} rel="noopener nofollow ugc" lang={post.language ?? undefined} dir="auto">
                {post.title}
              </a>
            </h3>
            {post.summary !== '' && <p dir="auto">{post.summary}</p>}
            <p class="hint">
              {texts.upDown(
                post.member.name,
                format.count(post.score.upVotes),
                format.count(post.score.downVotes),
              )}{' '}
              <a href={`${basePath}community/posts/${post.submissionId}`}>{texts.whyIsThisHere}</a>
            </p>
            {own !== null && own !== post.member.host && (
              <>
                <Vote siteId={siteId} post={post} onChange={onChange} />
                <ReportPost
                  siteId={siteId}
                  submissionId={post.submissionId}
                  title={post.title}
                  onChange={onChange}
                />
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

interface VoteProps {
  readonly siteId: string
  readonly post: FeedPostFragment
  readonly onChange: () => void
}

/** The buttons of one post. A downvote asks for the reason first. */
function Vote({ siteId, post: { submissionId, title }, onChange }: VoteProps) {
  const id = useId()
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const [isAsking, setAsking] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const vote = (value: VoteValue, reason: string | null) =>
    make(async () => {
      await send(PostVoteDocument, { input: { siteId, submissionId, value, reason } })
      setAsking(false)
      setDone(doneTexts[value])
      onChange()
    })
  const sendReason = (event: SubmitEvent) => {
    event.preventDefault()
    const reason = new FormData(event.currentTarget as HTMLFormElement).get('reason')
    vote('DOWN', typeof reason === 'string' ? reason : '')
  }
  return (
    <div class="save">
      <button
        type="button"
        aria-label={texts.voteUpNamed(title)}
        disabled={isBusy}
        onClick={() => vote('UP', null)}
      >
        {texts.voteUp}
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={texts.voteDownNamed(title)}
        aria-expanded={isAsking}
        disabled={isBusy}
        onClick={() => setAsking(!isAsking)}
      >
        {texts.voteDown}
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={texts.withdrawVote(title)}
        disabled={isBusy}
        onClick={() => vote('NONE', null)}
      >
        {texts.withdraw}
      </button>
      {isAsking && (
        <form class="reason" onSubmit={sendReason}>
          <label for={id}>{texts.reasonWhichAuthorSees}</label>
          <input id={id} name="reason" required maxLength={500} autocomplete="off" />
          <button type="submit" disabled={isBusy}>
            {texts.send}
          </button>
        </form>
      )}
      <span role="status">{done}</span>
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}

const doneTexts: Readonly<Record<VoteValue, string>> = {
  UP: texts.youVotedUp,
  DOWN: texts.youVotedDown,
  NONE: texts.youHaveNoVote,
}
