import { useId, useState } from 'preact/hooks'
import {
  CommunityJoinDocument,
  CommunityLeaveDocument,
  CommunityProofFileDocument,
  type MembershipFragment,
} from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { SiteSummary } from '../site-page.ts'
import { communityMessages } from '../../messages/community-messages.ts'

const texts = communityMessages.membershipPanel

interface MembershipPanelProps {
  readonly site: SiteSummary
  readonly membership: MembershipFragment | null
  readonly onChange: () => void
}

/** Whether the site is a member, its standing, and how to join, prove again and leave. */
export function MembershipPanel({ site, membership, onChange }: MembershipPanelProps) {
  const id = useId()
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const { siteId } = site
  const join = () =>
    make(async () => {
      await send(CommunityJoinDocument, { input: { siteId } })
      onChange()
    })
  const leave = () => {
    if (!confirm(texts.whatThisSiteShared)) return
    make(async () => {
      await send(CommunityLeaveDocument, { input: { siteId } })
      onChange()
    })
  }
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.membership}</h2>
      {membership === null ? (
        <p>
          {texts.thisSiteIsNo} <code>{new URL(site.url).host}</code> {texts.forProofPluginAnswers}
        </p>
      ) : (
        <Standing membership={membership} timeZone={site.timeZone} />
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="button" disabled={isBusy} onClick={join}>
          {membership === null ? texts.joinCommunity : texts.proveAgain}
        </button>
        {membership !== null && (
          <button type="button" class="quiet" disabled={isBusy} onClick={leave}>
            {texts.leave}
          </button>
        )}
        <ProofFile siteId={siteId} />
      </div>
    </section>
  )
}

function Standing({
  membership,
  timeZone,
}: {
  readonly membership: MembershipFragment
  readonly timeZone: string
}) {
  const { member, domain, method, joinedAt, provenAt, expiresAt, problem, trust, isBanned } = membership
  const dayOf = (time: string) => formatTime(Date.parse(time), { dateStyle: 'medium', timeZone })
  return (
    <>
      {isBanned && <p class="bad">{texts.operatorOfThisServer}</p>}
      <dl class="pairs">
        <dt>{texts.memberSite}</dt>
        <dd>
          {member.name}
          {member.isPunycode && texts.inPunycodeBecause}
          {member.host !== domain && texts.onlyThisNameBelow(domain)}
        </dd>
        {member.lookAlikes.length > 0 && (
          <>
            <dt>{texts.looksLike}</dt>
            <dd>{member.lookAlikes.join(', ')}</dd>
          </>
        )}
        <dt>{texts.memberSince}</dt>
        <dd>{dayOf(joinedAt)}</dd>
        <dt>{texts.proven}</dt>
        <dd>
          {texts.by(dayOf(provenAt))} {method === 'file' ? texts.signedFile : texts.plugin}
          {texts.validUntil(dayOf(expiresAt))}
        </dd>
        <dt>{texts.weightOfItsVotes}</dt>
        <dd>
          {trust}
          {trust === 0 && texts.votesCountFromDays}
          {trust > 0 && trust < 1 && ': 1 after 90 days'}
        </dd>
      </dl>
      {problem !== null && <p class="bad">{texts.domainCould(problem)}</p>}
    </>
  )
}

/** Offers the signed file, for sites without the plugin. */
function ProofFile({ siteId }: { readonly siteId: string }) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const [file, setFile] = useState<string | null>(null)
  const load = () =>
    make(async () => {
      const { site } = await send(CommunityProofFileDocument, { siteId })
      setFile(site?.membershipProofFile ?? null)
    })
  if (file === null) {
    return (
      <>
        <button type="button" class="quiet" disabled={isBusy} onClick={load}>
          {texts.showSignedFile}
        </button>
        {problem !== null && (
          <span class="bad" role="alert">
            {problem}
          </span>
        )}
      </>
    )
  }
  return (
    <div class="proof-file">
      <p class="hint">
        {texts.withoutPluginPublish} <code>/.well-known/peerpress.json</code> {texts.asJsonThenJoin}
      </p>
      <pre tabIndex={0} aria-label="Signed file">
        {file}
      </pre>
    </div>
  )
}
