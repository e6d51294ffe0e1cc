import { useId } from 'preact/hooks'
import { CommunityBanAppealDocument, type MembershipFragment } from '../../generated/graphql.ts'
import { communityMessages } from '../../messages/community-messages.ts'
import { formatTime } from '../../report/page-format.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { AppealForm } from './appeal-form.tsx'

const texts = communityMessages.banPanel

interface BanPanelProps {
  readonly siteId: string
  readonly timeZone: string
  readonly ban: NonNullable<MembershipFragment['ban']>
  /** Called after an appeal. */
  readonly onChange: () => void
}

/** Why the site is banned, and the appeal against it. */
export function BanPanel({ siteId, timeZone, ban, onChange }: BanPanelProps) {
  const id = useId()
  const send = useSendToGraph()
  const { reason, decidedAt, appeal, appealedAt } = ban
  const dayOf = (time: string) => formatTime(Date.parse(time), { dateStyle: 'medium', timeZone })
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.banned}</h2>
      {decidedAt !== null && <p>{texts.decidedOn(dayOf(decidedAt), reason ?? '')}</p>}
      {appealedAt === null ? (
        <AppealForm
          question={texts.whyBanShouldEnd}
          appeal={async (text) => {
            await send(CommunityBanAppealDocument, { input: { siteId, text } })
            onChange()
          }}
        />
      ) : (
        <p>{texts.appealedOn(dayOf(appealedAt), appeal ?? '')}</p>
      )}
    </section>
  )
}
