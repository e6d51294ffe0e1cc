import { useId } from 'preact/hooks'
import { CommunityBanAppealDocument, type MembershipFragment } from '../../generated/graphql.ts'
import { communityMessages } from '../../messages/community-messages.ts'
import { formatTime } from '../../report/page-format.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'

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
  const { reason, decidedAt, appeal, appealedAt } = ban
  const dayOf = (time: string) => formatTime(Date.parse(time), { dateStyle: 'medium', timeZone })
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.banned}</h2>
      {decidedAt !== null && <p>{texts.decidedOn(dayOf(decidedAt), reason ?? '')}</p>}
      {appealedAt === null ? (
        <Appeal siteId={siteId} onChange={onChange} />
      ) : (
        <p>{texts.appealedOn(dayOf(appealedAt), appeal ?? '')}</p>
      )}
    </section>
  )
}

function Appeal({ siteId, onChange }: Pick<BanPanelProps, 'siteId' | 'onChange'>) {
  const id = useId()
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    await send(CommunityBanAppealDocument, { input: { siteId, text: field('text') } })
    onChange()
  })
  return (
    <form class="fields" aria-label={texts.appeal} onSubmit={submit}>
      <div class="field">
        <label for={id}>{texts.whyBanShouldEnd}</label>
        <p class="hint" id={`${id}-hint`}>
          {texts.operatorReads}
        </p>
        <textarea id={id} name="text" rows={3} maxLength={2000} required aria-describedby={`${id}-hint`} />
      </div>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.appeal}
        </button>
      </div>
    </form>
  )
}
