import { useId } from 'preact/hooks'
import {
  type CommunityBanFragment,
  CommunityBanDocument,
  CommunityUnbanDocument,
} from '../../generated/graphql.ts'
import { moderationMessages } from '../../messages/moderation-messages.ts'
import { formatTime } from '../../report/page-format.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { DecisionForm, ReasonField } from './decision-form.tsx'

const texts = moderationMessages.bannedSites

interface BannedSitesProps {
  readonly bans: readonly CommunityBanFragment[]
  readonly timeZone: string
  readonly onChange: () => void
}

/** The banned member sites with their appeals, and the form that bans one. */
export function BannedSites({ bans, timeZone, onChange }: BannedSitesProps) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.bannedSites}</h2>
      <p class="hint">{texts.whatABanDoes}</p>
      {bans.length === 0 && <p>{texts.noSiteIsBanned}</p>}
      <ul class="finding-list">
        {bans.map((ban) => (
          <li key={ban.host}>
            <BannedSite ban={ban} timeZone={timeZone} onChange={onChange} />
          </li>
        ))}
      </ul>
      <h3>{texts.banAMemberSite}</h3>
      <BanForm onChange={onChange} />
    </section>
  )
}

function BannedSite({
  ban: { host, reason, decidedAt, appeal, appealedAt },
  timeZone,
  onChange,
}: Pick<BannedSitesProps, 'timeZone' | 'onChange'> & { readonly ban: CommunityBanFragment }) {
  const send = useSendToGraph()
  const timeOf = (time: string) =>
    formatTime(Date.parse(time), { dateStyle: 'medium', timeStyle: 'short', timeZone })
  return (
    <>
      <h3>{host}</h3>
      {decidedAt !== null && <p>{texts.bannedOn(timeOf(decidedAt), reason ?? '')}</p>}
      {appealedAt !== null && <p>{texts.appealedOn(timeOf(appealedAt), appeal ?? '')}</p>}
      <DecisionForm
        about={host}
        choices={[
          ['BAN', texts.leaveItBanned],
          ['UNBAN', texts.endTheBan],
        ]}
        hint={texts.siteReadsThis}
        decide={async (action, text) => {
          const variables = { input: { host, text } }
          if (action === 'BAN') await send(CommunityBanDocument, variables)
          else await send(CommunityUnbanDocument, variables)
          onChange()
        }}
      />
    </>
  )
}

function BanForm({ onChange }: Pick<BannedSitesProps, 'onChange'>) {
  const id = useId()
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async (field, form) => {
    await send(CommunityBanDocument, { input: { host: field('host'), text: field('reason') } })
    form.reset()
    onChange()
  })
  return (
    <form class="fields" aria-label={texts.banAMemberSite} onSubmit={submit}>
      <div class="field">
        <label for={id}>{texts.hostOfMemberSite}</label>
        <p class="hint" id={`${id}-hint`}>
          {texts.asOnItsPage}
        </p>
        <input
          id={id}
          name="host"
          required
          maxLength={260}
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={`${id}-hint`}
        />
      </div>
      <ReasonField hint={texts.siteReadsThis} />
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.ban}
        </button>
      </div>
    </form>
  )
}
