import { useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { ConnectorSetDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { present } from '../../session/user-errors.ts'
import { connectorsMessages } from '../../messages/connectors-messages.ts'

const texts = connectorsMessages.addConnector

/** A webhook whose secret was just drawn. */
export interface NewWebhook {
  readonly path: string
  readonly secret: string
}

type Kind = 'FEED' | 'SITEMAP' | 'WEBHOOK'

const kinds: readonly { readonly value: Kind; readonly label: string; readonly meaning: string }[] = [
  {
    value: 'FEED',
    label: texts.feed,
    meaning: texts.rssAtomRdf,
  },
  { value: 'SITEMAP', label: texts.sitemap, meaning: texts.namesEveryPage },
  {
    value: 'WEBHOOK',
    label: texts.webhook,
    meaning: texts.yourCmsSendsSigned,
  },
]

interface AddConnectorProps {
  readonly siteId: string
  readonly siteUrl: string
  readonly onAdded: (webhook: NewWebhook | null) => void
}

/** The form that adds a connector. */
export function AddConnector({ siteId, siteUrl, onAdded }: AddConnectorProps) {
  const [kind, setKind] = useState<Kind>('FEED')
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async (text) => {
    const url = kind === 'WEBHOOK' ? null : addressOf(text('url'), siteUrl)
    const { connectorSet } = await send(ConnectorSetDocument, { input: { siteId, kind, url } })
    const { path } = present(connectorSet.connector)
    const { secret } = connectorSet
    onAdded(secret === null || path === null ? null : { path, secret })
  })
  return (
    <form class="panel fields" aria-labelledby="add-connector" onSubmit={submit}>
      <h2 id="add-connector">{texts.addConnector}</h2>
      <fieldset class="choices">
        <legend>{texts.kind}</legend>
        {kinds.map(({ value, label, meaning }) => (
          <label key={value}>
            <input
              type="radio"
              name="kind"
              value={value}
              checked={value === kind}
              onChange={() => setKind(value)}
            />
            <span>
              {label}
              <small>{meaning}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {kind !== 'WEBHOOK' && (
        <Field
          label={texts.address}
          name="url"
          type="text"
          autoComplete="off"
          maxLength={2048}
          hint={
            <>
              {texts.completeOrFromRoot} <code>{siteUrl}</code>
              {texts.suchAs} <code>{kind === 'FEED' ? '/feed.xml' : '/sitemap.xml'}</code>.
            </>
          }
        />
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" disabled={isBusy}>
        {texts.add}
      </button>
    </form>
  )
}

/** Completes an address from the root of the site. The server says what is wrong with one that is no URL. */
function addressOf(text: string, siteUrl: string): string {
  return URL.parse(text.trim(), siteUrl)?.href ?? text
}
