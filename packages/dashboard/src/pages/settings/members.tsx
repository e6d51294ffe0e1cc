import { Entry, EntryPanel } from '../../components/entry-list.tsx'
import {
  MemberRemoveDocument,
  MemberRoleSetDocument,
  SiteMembersDocument,
  type SiteMembersQuery,
} from '../../generated/graphql.ts'
import { Invitations } from './invitations.tsx'
import { roles } from './roles.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.members

type Member = NonNullable<SiteMembersQuery['site']>['membersConnection']['edges'][number]['node']

/** Interval between two loads, ms. */
const membersEvery = 300_000

const theLatest = texts.theseAreLatestGraph

interface PartProps {
  readonly siteId: string
  /** The site's. */
  readonly timeZone: string
}

/** The people who may see or change the site. */
export function Members({ siteId, timeZone }: PartProps) {
  const { data, error, reload } = useGraph(SiteMembersDocument, { siteId }, membersEvery)
  const { edges = [], pageInfo } = data?.site?.membersConnection ?? {}
  const nobody = texts.noAccountHasRole
  const hint = pageInfo?.hasNextPage === true ? theLatest : nobody
  return (
    <EntryPanel
      title={texts.members}
      {...(data !== null && (edges.length === 0 || pageInfo?.hasNextPage === true) && { hint })}
      error={error}
      onRetry={reload}
      entries={edges.map(({ node: member }) => (
        <MemberEntry key={member.account.accountId} {...{ siteId, timeZone, member }} onChange={reload} />
      ))}
    >
      <Invitations
        siteId={siteId}
        timeZone={timeZone}
        waiting={data?.site?.invitations ?? []}
        onChange={reload}
      />
    </EntryPanel>
  )
}

interface MemberEntryProps extends PartProps {
  readonly member: Member
  readonly onChange: () => void
}

function MemberEntry({ siteId, timeZone, member: { account, role, since }, onChange }: MemberEntryProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const { accountId, name, email } = account
  const setRole = (chosen: string) => {
    const next = roles.find(({ value }) => value === chosen)
    if (next === undefined) return
    make(async () => {
      await send(MemberRoleSetDocument, { input: { siteId, accountId, role: next.value } })
      onChange()
    })
  }
  const remove = () => {
    if (!confirm(texts.removeFromThisSite(name, name))) return
    make(async () => {
      await send(MemberRemoveDocument, { input: { siteId, accountId } })
      onChange()
    })
  }
  return (
    <Entry
      name={name}
      notes={texts.since(email, formatTime(Date.parse(since), { dateStyle: 'medium', timeZone }))}
      problem={problem}
    >
      <select
        aria-label={texts.roleOf(name)}
        value={role}
        disabled={isBusy}
        onChange={(event) => setRole(event.currentTarget.value)}
      >
        {roles.map(({ value, label }) => (
          <option key={value} value={value} selected={value === role}>
            {label.split(':')[0]}
          </option>
        ))}
      </select>
      <button type="button" disabled={isBusy} aria-label={texts.removeNamed(name)} onClick={remove}>
        {texts.remove}
      </button>
    </Entry>
  )
}
