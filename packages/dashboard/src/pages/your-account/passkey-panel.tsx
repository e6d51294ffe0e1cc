import { Entry, EntryPanel } from '../../components/entry-list.tsx'
import { Field } from '../../components/field.tsx'
import { PasskeyRemoveDocument, PasskeyRenameDocument, type OwnSignInQuery } from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import type { GraphError } from '../../session/graph-error.ts'
import { addPasskey, hasPasskeys } from '../../session/passkeys.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { requireDone } from '../../session/user-errors.ts'
import { yourAccountMessages } from '../../messages/your-account-messages.ts'

const texts = yourAccountMessages.passkeyPanel

type Own = NonNullable<OwnSignInQuery['ownSignIn']>

interface PasskeyPanelProps {
  readonly passkeys: Own['passkeys']
  readonly error: GraphError | null
  readonly onChange: () => void
}

/** The passkeys of the account, and a form that adds one. */
export function PasskeyPanel({ passkeys, error, onChange }: PasskeyPanelProps) {
  return (
    <EntryPanel
      title={texts.passkeys}
      hint={texts.passkeySignsYou}
      error={error}
      onRetry={onChange}
      entries={passkeys.map((passkey) => (
        <PasskeyEntry key={passkey.passkeyId} passkey={passkey} onChange={onChange} />
      ))}
    >
      {hasPasskeys() ? <AddPasskey onAdded={onChange} /> : <p class="notice">{texts.thisBrowserHasNo}</p>}
    </EntryPanel>
  )
}

function PasskeyEntry({
  passkey: { passkeyId, name, isSynced, createdAt, usedAt },
  onChange,
}: {
  readonly passkey: Own['passkeys'][number]
  readonly onChange: () => void
}) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const rename = () => {
    const next = prompt(texts.newName, name)
    if (next === null || next.trim() === name) return
    make(async () => {
      const { passkeyRename } = await send(PasskeyRenameDocument, { input: { passkeyId, name: next } })
      requireDone(passkeyRename)
      onChange()
    })
  }
  const remove = () => {
    if (!confirm(texts.removeItCannotSign(name))) return
    make(async () => {
      const { passkeyRemove } = await send(PasskeyRemoveDocument, { input: { passkeyId } })
      requireDone(passkeyRemove)
      onChange()
    })
  }
  const used = usedAt === null ? texts.notUsedYet : texts.lastUsed(dateOf(usedAt))
  return (
    <Entry
      name={name}
      notes={texts.added(dateOf(createdAt), used, isSynced ? texts.onAllYourDevices : texts.onOneDevice)}
      problem={problem}
    >
      <button type="button" disabled={isBusy} aria-label={texts.renameNamed(name)} onClick={rename}>
        {texts.rename}
      </button>
      <button type="button" disabled={isBusy} aria-label={texts.removeNamed(name)} onClick={remove}>
        {texts.remove}
      </button>
    </Entry>
  )
}

function AddPasskey({ onAdded }: { readonly onAdded: () => void }) {
  const { submit, problem, isBusy } = useSubmit(async (field, { reset }) => {
    await addPasskey(field('name').trim())
    reset()
    onAdded()
  })
  return (
    <form class="fields" aria-label={texts.addPasskey} onSubmit={submit}>
      <Field
        label={texts.nameOfNewPasskey}
        name="name"
        type="text"
        autoComplete="off"
        maxLength={100}
        hint={texts.suchAsMyPhone}
        problem={problem}
      />
      <button type="submit" disabled={isBusy}>
        {texts.addPasskey}
      </button>
    </form>
  )
}

function dateOf(time: string): string {
  return formatTime(Date.parse(time), { dateStyle: 'medium' })
}
