import { serverAddress } from '../../navigation/base-path.ts'
import type { NewWebhook } from './add-connector.tsx'
import { connectorsMessages } from '../../messages/connectors-messages.ts'

const texts = connectorsMessages.webhookSecret

interface WebhookSecretProps {
  readonly webhook: NewWebhook
  readonly onDone: () => void
}

/** The address and the secret of a new webhook, which are shown once. */
export function WebhookSecret({ webhook: { path, secret }, onDone }: WebhookSecretProps) {
  return (
    <section class="panel fields" role="status">
      <h2>{texts.setUpWebhook}</h2>
      <p>{texts.copySecret}</p>
      <dl class="pairs">
        <dt>{texts.address}</dt>
        <dd>
          <code>
            {serverAddress}
            {path}
          </code>
        </dd>
        <dt>{texts.secret}</dt>
        <dd>
          <code>{secret}</code>
        </dd>
      </dl>
      <button type="button" onClick={onDone}>
        {texts.iHaveCopied}
      </button>
    </section>
  )
}
