import { Entry } from '../../components/entry-list.tsx'
import {
  AccountCloseDocument,
  AccountSignInResetDocument,
  type AccountsQuery,
} from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { requireDone } from '../../session/user-errors.ts'
import { accountsMessages } from '../../messages/accounts-messages.ts'

const texts = accountsMessages.accountEntry

interface AccountEntryProps {
  readonly account: AccountsQuery['accountsConnection']['edges'][number]['node']
  /** Whether it is the reader's own, which is closed on the page of the account. */
  readonly isYou: boolean
  readonly onChange: () => void
}

/** An account, with buttons that remove a lost device and that close it. */
export function AccountEntry({
  account: { accountId, name, email, isAdministrator, createdAt },
  isYou,
  onChange,
}: AccountEntryProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const reset = () => {
    const question = texts.removePasskeysAndIdentity(name)
    if (!confirm(question)) return
    make(async () => {
      const { accountSignInReset } = await send(AccountSignInResetDocument, { input: { accountId } })
      requireDone(accountSignInReset)
      onChange()
    })
  }
  const close = () => {
    const question = texts.closeAccount(name)
    if (!confirm(question)) return
    make(async () => {
      await send(AccountCloseDocument, { input: { accountId } })
      onChange()
    })
  }
  const since = texts.since(formatTime(Date.parse(createdAt), { dateStyle: 'medium' }))
  const notes = [email, ...(isAdministrator ? ['administrator'] : []), since, ...(isYou ? ['you'] : [])]
  return (
    <Entry name={name} notes={notes.join(', ')} problem={problem}>
      {!isYou && (
        <>
          <button type="button" disabled={isBusy} aria-label={texts.removeLostDevices(name)} onClick={reset}>
            {texts.lostDevice}
          </button>
          <button type="button" disabled={isBusy} aria-label={texts.closeAccountOf(name)} onClick={close}>
            {texts.close}
          </button>
        </>
      )}
    </Entry>
  )
}
