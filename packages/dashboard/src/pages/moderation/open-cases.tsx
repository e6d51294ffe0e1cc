import { OpenCasesDocument } from '../../generated/graphql.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { useSession } from '../../session/session.tsx'
import { useGraph } from '../../session/use-graph.ts'

/** Interval between two loads, ms. */
const casesEvery = 300_000

/** Names the cases that wait for an administrator; nothing for other readers, and if none waits. */
export function OpenCases() {
  const { account } = useSession()
  return account?.principal?.kind === 'administrator' ? <Waiting /> : null
}

function Waiting() {
  const { data } = useGraph(OpenCasesDocument, {}, casesEvery)
  const count = data?.moderationQueue.edges.length ?? 0
  if (count === 0) return null
  return (
    <p class="notice">
      {count === 1 ? 'One report or appeal waits' : `${count} reports or appeals wait`} for your decision:{' '}
      <a href={hrefOf('/moderation')}>moderation</a>.
    </p>
  )
}
