import { serverAddress } from '../../navigation/base-path.ts'
import type { NewWebhook } from './add-connector.tsx'

interface WebhookSecretProps {
  readonly webhook: NewWebhook
  readonly onDone: () => void
}

/** The address and the secret of a new webhook, which are shown once. */
export function WebhookSecret({ webhook: { path, secret }, onDone }: WebhookSecretProps) {
  return (
    <section class="panel fields" role="status">
      <h2>Set up the webhook in your CMS now</h2>
      <p>
        Copy the secret: it is not shown again. The CMS sends each event to this address, signed with the
        secret (Standard Webhooks).
      </p>
      <dl class="pairs">
        <dt>Address</dt>
        <dd>
          <code>
            {serverAddress}
            {path}
          </code>
        </dd>
        <dt>Secret</dt>
        <dd>
          <code>{secret}</code>
        </dd>
      </dl>
      <button type="button" onClick={onDone}>
        I have copied it
      </button>
    </section>
  )
}
