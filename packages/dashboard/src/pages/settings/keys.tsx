import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { OnceShown } from '../../components/once-shown.tsx'
import {
  SigningKeyRotateDocument,
  SiteKeysDocument,
  WebhookSecretRotateDocument,
} from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.keys

interface KeysProps {
  readonly siteId: string
  /** The site's. */
  readonly timeZone: string
}

/** Interval between two loads, ms. */
const keysEvery = 300_000

const rotateQuestion = texts.drawNewSigningKey
const endQuestion = texts.endAllFormerKeys

/** Rotates the key and the secret of the site. */
export function Keys({ siteId, timeZone }: KeysProps) {
  const id = useId()
  const send = useSendToGraph()
  const { data, error, reload } = useGraph(SiteKeysDocument, { siteId }, keysEvery)
  const { make, problem, isBusy } = useChange()
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = (endsFormer: boolean) => {
    if (!confirm(endsFormer ? endQuestion : rotateQuestion)) return
    make(async () => {
      await send(SigningKeyRotateDocument, { input: { siteId, endsFormer } })
      reload()
    })
  }
  const renewSecret = () =>
    make(async () => {
      setSecret((await send(WebhookSecretRotateDocument, { input: { siteId } })).webhookSecretRotate.secret)
    })
  const until = data?.site?.formerKeysUntil ?? null
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.keys}</h2>
      <p class="hint">{texts.signingKeyProves}</p>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data?.site != null && (
        <p>
          {texts.publicKey} <code class="address">{data.site.publicKey}</code>
          {until !== null && (
            <>
              <br />
              <small>
                {texts.formerKeySignsAlong(formatTime(Date.parse(until), { dateStyle: 'medium', timeZone }))}
              </small>
            </>
          )}
        </p>
      )}
      <div class="save">
        <button type="button" disabled={isBusy} onClick={() => rotate(false)}>
          {texts.rotateSigningKey}
        </button>
        <button type="button" class="danger" disabled={isBusy} onClick={() => rotate(true)}>
          {texts.keyBecameKnownEnd}
        </button>
        <button type="button" disabled={isBusy} onClick={renewSecret}>
          {texts.renewWebhookSecret}
        </button>
      </div>
      {secret !== null && (
        <OnceShown label={texts.newWebhookSecret} text={secret} hint={texts.putItIntoYour} />
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}
