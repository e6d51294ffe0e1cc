import { useId, useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { ChannelAddDocument, type ChannelKind } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { channelLabels } from './labels.ts'

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
    <form class="fields" onSubmit={submit} aria-label="Add a channel">
      <div class="field">
        <label for={id}>Notify by</label>
        {!kinds.includes('EMAIL') && (
          <p class="hint" id={`${id}-hint`}>
            E-mail needs an SMTP server: whoever runs this server sets <code>PEERPRESS_SMTP_URL</code> and{' '}
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
        label="E-mail address, or URL of the webhook"
        name="target"
        type="text"
        autoComplete="off"
        maxLength={2000}
        problem={problem}
      />
      <div class="save">
        <button type="submit" disabled={isBusy}>
          Add
        </button>
        <span role="status">{added > 0 && problem === null && 'Added. Send a test message now.'}</span>
      </div>
      {secret !== null && (
        <p class="notice">
          The webhook’s secret verifies its messages (Standard Webhooks). Copy it now, it is not shown again:{' '}
          <code>{secret}</code>
        </p>
      )}
    </form>
  )
}
