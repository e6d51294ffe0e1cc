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
      title="Passkeys"
      hint="A passkey signs you in with the finger, face or PIN that unlocks this device. Nobody can guess it or steal it from this server."
      error={error}
      onRetry={onChange}
      entries={passkeys.map((passkey) => (
        <PasskeyEntry key={passkey.passkeyId} passkey={passkey} onChange={onChange} />
      ))}
    >
      {hasPasskeys() ? (
        <AddPasskey onAdded={onChange} />
      ) : (
        <p class="notice">This browser has no passkeys. Use a newer one, or open this page by https.</p>
      )}
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
    const next = prompt('The new name of this passkey', name)
    if (next === null || next.trim() === name) return
    make(async () => {
      const { passkeyRename } = await send(PasskeyRenameDocument, { input: { passkeyId, name: next } })
      requireDone(passkeyRename)
      onChange()
    })
  }
  const remove = () => {
    if (!confirm(`Remove ${name}? It cannot sign you in any more.`)) return
    make(async () => {
      const { passkeyRemove } = await send(PasskeyRemoveDocument, { input: { passkeyId } })
      requireDone(passkeyRemove)
      onChange()
    })
  }
  const used = usedAt === null ? 'not used yet' : `last used ${dateOf(usedAt)}`
  return (
    <Entry
      name={name}
      notes={`added ${dateOf(createdAt)}, ${used}${isSynced ? ', on all your devices' : ', on one device'}`}
      problem={problem}
    >
      <button type="button" disabled={isBusy} aria-label={`Rename ${name}`} onClick={rename}>
        Rename
      </button>
      <button type="button" disabled={isBusy} aria-label={`Remove ${name}`} onClick={remove}>
        Remove
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
    <form class="fields" aria-label="Add a passkey" onSubmit={submit}>
      <Field
        label="Name of the new passkey"
        name="name"
        type="text"
        autoComplete="off"
        maxLength={100}
        hint="Such as “my phone”, so that you know which one to remove."
        problem={problem}
      />
      <button type="submit" disabled={isBusy}>
        Add a passkey
      </button>
    </form>
  )
}

function dateOf(time: string): string {
  return formatTime(Date.parse(time), { dateStyle: 'medium' })
}
