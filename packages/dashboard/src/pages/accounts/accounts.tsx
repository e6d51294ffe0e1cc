import { useId, useState } from 'preact/hooks'
import { EntryPanel } from '../../components/entry-list.tsx'
import { Page } from '../../components/page.tsx'
import { WaitingInvitations } from '../../components/waiting-invitations.tsx'
import { AccountsDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import { LogPages } from '../log/log-pages.tsx'
import { AccountEntry } from './account-entry.tsx'
import { AdministratorForm } from './administrator-form.tsx'
import { accountsMessages } from '../../messages/accounts-messages.ts'

const texts = accountsMessages.accounts

/** Interval between two loads, ms. */
const accountsEvery = 300_000

/** The accounts of the whole installation, and the invitations of administrators. For administrators. */
export function Accounts() {
  const id = useId()
  const [pages, setPages] = useState<readonly (string | null)[]>([null])
  const after = pages.at(-1) ?? null
  const { data, error, reload } = useGraph(AccountsDocument, { after }, accountsEvery)
  return (
    <Page title={texts.accounts}>
      {data === null && error === null && <p class="loading">{texts.loading}</p>}
      <div class="settings">
        <EntryPanel
          title={texts.everybodyWithAccount}
          hint={texts.newestFirstOwnersInvite}
          error={error}
          onRetry={reload}
          entries={
            data?.accountsConnection.edges.map(({ node: account }) => (
              <AccountEntry
                key={account.accountId}
                account={account}
                isYou={account.accountId === data.me?.accountId}
                onChange={reload}
              />
            )) ?? []
          }
        >
          {data !== null && (
            <LogPages pages={pages} next={data.accountsConnection.pageInfo} onPages={setPages} />
          )}
        </EntryPanel>
        {data !== null && (
          <section class="panel fields" aria-labelledby={id}>
            <h2 id={id}>{texts.administrators}</h2>
            <p class="hint">{texts.administratorMayDoEverything}</p>
            <WaitingInvitations siteId={null} waiting={data.administratorInvitations} onChange={reload} />
            <AdministratorForm onChange={reload} />
          </section>
        )}
      </div>
    </Page>
  )
}
