import { useId, useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { ChannelAddDocument, type ChannelKind } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { channelLabels } from './labels.ts'
import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.channelForm

interface ChannelFormProps {
  readonly siteId: string
  readonly kinds: readonly ChannelKind[]
  readonly onAdded: () => void
}

/** Adds a channel, and shows the secret of a new webhook once. */
export function ChannelForm({ siteId, kinds, onAdded }: ChannelFormProps) {
  const id = useId()
  const send = useSendToGraph()
  const [added, setAdded] = useState(0)
  const [secret, setSecret] = useState<string | null>(null)
  const { submit, problem, isBusy } = useSubmit(async (text) => {
    const kind = kinds.find((each) => each === text('kind')) ?? 'WEBHOOK'
    const { channelAdd } = await send(ChannelAddDocument, {
      input: { siteId, kind, target: text('target').trim() },
    })
    setSecret(channelAdd.secret)
    setAdded(added + 1)
    onAdded()
  })
  return (
    <form class="fields" onSubmit={submit} aria-label={texts.addChannel}>
      <div class="field">
        <label for={id}>{texts.notifyBy}</label>
        {!kinds.includes('EMAIL') && (
          <p class="hint" id={`${id}-hint`}>
            {texts.eMailNeedsSmtp} <code>PEERPRESS_SMTP_URL</code> {texts.and}{' '}
            <code>PEERPRESS_MAIL_FROM</code>.
          </p>
        )}
        <select id={id} name="kind">
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {channelLabels[kind]}
            </option>
          ))}
        </select>
      </div>
      <Field
        key={added}
        label={texts.eMailAddress}
        name="target"
        type="text"
        autoComplete="off"
        maxLength={2000}
        problem={problem}
      />
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.add}
        </button>
        <span role="status">{added > 0 && problem === null && texts.addedSendTestMessage}</span>
      </div>
      {secret !== null && (
        <p class="notice">
          {texts.webhooksSecretVerifies} <code>{secret}</code>
        </p>
      )}
    </form>
  )
}
