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
    if (!confirm('What this site shared leaves the feed with it, and a new membership begins anew. Leave?'))
      return
    make(async () => {
      await send(CommunityLeaveDocument, { input: { siteId } })
      onChange()
    })
  }
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>Membership</h2>
      {membership === null ? (
        <p>
          This site is no member yet. To join, the server asks <code>{new URL(site.url).host}</code> for a
          proof: the plugin answers it, or a signed file. Members share posts and vote.
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
          {membership === null ? 'Join the community' : 'Prove again'}
        </button>
        {membership !== null && (
          <button type="button" class="quiet" disabled={isBusy} onClick={leave}>
            Leave
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
      {isBanned && <p class="bad">The operator of this server banned this site from the community.</p>}
      <dl class="pairs">
        <dt>Member site</dt>
        <dd>
          {member.name}
          {member.isPunycode && ' (in punycode, because its letters could be mistaken for others)'}
          {member.host !== domain && `; only this name below ${domain} is proven`}
        </dd>
        {member.lookAlikes.length > 0 && (
          <>
            <dt>Looks like</dt>
            <dd>{member.lookAlikes.join(', ')}</dd>
          </>
        )}
        <dt>Member since</dt>
        <dd>{dayOf(joinedAt)}</dd>
        <dt>Proven</dt>
        <dd>
          {dayOf(provenAt)} by {method === 'file' ? 'a signed file' : 'the plugin'}; valid until{' '}
          {dayOf(expiresAt)}
        </dd>
        <dt>Weight of its votes</dt>
        <dd>
          {trust}
          {trust === 0 && ': votes count from 14 days and 100 measured human views on'}
          {trust > 0 && trust < 1 && ': 1 after 90 days'}
        </dd>
      </dl>
      {problem !== null && <p class="bad">The domain could not be proven again: {problem}</p>}
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
          Show the signed file
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
        Without the plugin: publish this at <code>/.well-known/peerpress.json</code> as JSON, then join.
      </p>
      <pre tabIndex={0} aria-label="Signed file">
        {file}
      </pre>
    </div>
  )
}
