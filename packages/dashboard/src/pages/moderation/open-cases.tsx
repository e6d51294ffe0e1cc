import { OpenCasesDocument } from '../../generated/graphql.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { useSession } from '../../session/session.tsx'
import { useGraph } from '../../session/use-graph.ts'
import { moderationMessages } from '../../messages/moderation-messages.ts'

const texts = moderationMessages.openCases

/** Interval between two loads, ms. */
const casesEvery = 300_000

/** Names the cases that wait for an administrator; nothing for other readers, and if none waits. */
export function OpenCases() {
  const { account } = useSession()
  return account?.principal?.kind === 'administrator' ? <Waiting /> : null
}

function Waiting() {
  const { data } = useGraph(OpenCasesDocument, {}, casesEvery)
  const bans = data?.communityBans.edges.filter(({ node }) => node.isOpen) ?? []
  const count = (data?.moderationQueue.edges.length ?? 0) + bans.length
  if (count === 0) return null
  return (
    <p class="notice">
      {count === 1 ? texts.oneReportOrAppeal : texts.reportsOrAppealsWait(count)} {texts.forYourDecision}{' '}
      <a href={hrefOf('/moderation')}>{texts.moderation}</a>.
    </p>
  )
}
