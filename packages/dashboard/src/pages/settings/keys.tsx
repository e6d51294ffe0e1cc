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

interface KeysProps {
  readonly siteId: string
  /** The site's. */
  readonly timeZone: string
}

/** Interval between two loads, ms. */
const keysEvery = 300_000

const rotateQuestion = 'Draw a new signing key? The present one signs along for 90 days, for pages in caches.'
const endQuestion =
  'End all former keys at once? Pages in caches then load everything from your own server until they are refreshed.'

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
      <h2 id={id}>Keys</h2>
      <p class="hint">
        The signing key proves to readers that a file is yours. After a rotation, connect the CMS again, so
        that new pages name the new key.
      </p>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data?.site != null && (
        <p>
          Public key: <code class="address">{data.site.publicKey}</code>
          {until !== null && (
            <>
              <br />
              <small>
                A former key signs along until{' '}
                {formatTime(Date.parse(until), { dateStyle: 'medium', timeZone })}.
              </small>
            </>
          )}
        </p>
      )}
      <div class="save">
        <button type="button" disabled={isBusy} onClick={() => rotate(false)}>
          Rotate the signing key
        </button>
        <button type="button" class="danger" disabled={isBusy} onClick={() => rotate(true)}>
          The key became known: end it now
        </button>
        <button type="button" disabled={isBusy} onClick={renewSecret}>
          Renew the webhook secret
        </button>
      </div>
      {secret !== null && (
        <OnceShown
          label="The new webhook secret"
          text={secret}
          hint="Put it into your CMS. The former one holds until the first event that this one has signed. The WordPress plugin gets a new one when you connect it again."
        />
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}
