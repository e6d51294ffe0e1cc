import { useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { LocalModelFetchDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.localModelForm

/** Has the server fetch a GGUF file. */
export function LocalModelForm({ onBegun }: { readonly onBegun: () => void }) {
  const send = useSendToGraph()
  const [isBegun, setBegun] = useState(false)
  const { submit, problem, isBusy } = useSubmit(async (field, { reset }) => {
    setBegun(false)
    const url = field('url').trim()
    const input = {
      url,
      name: field('name').trim() || nameIn(url),
      sha256: field('sha256').trim(),
      allowPrivateAddresses: field('private') === 'yes',
    }
    await send(LocalModelFetchDocument, { input })
    setBegun(true)
    reset()
    onBegun()
  })
  const text = { type: 'text', autoComplete: 'off' } as const
  return (
    <form class="fields" aria-label={texts.fetchModel} onSubmit={submit}>
      <Field {...text} label={texts.urlOfGgufFile} name="url" maxLength={2000} />
      <Field {...text} label={texts.sha} name="sha256" maxLength={64} hint={texts.asPublisherOfFile} />
      <Field
        {...text}
        label={texts.fileName}
        name="name"
        required={false}
        maxLength={200}
        hint={texts.suchAsModelGguf}
      />
      <fieldset class="choices">
        <legend>{texts.whereItMayCome}</legend>
        <label>
          <input type="checkbox" name="private" value="yes" />
          <span>{texts.alsoPrivateAddress}</span>
        </label>
      </fieldset>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.fetch}
        </button>
        <span role="status">{isBegun && texts.itIsBeingFetched}</span>
      </div>
    </form>
  )
}

/** Returns the last part of a URL's path; empty if it is no URL. */
function nameIn(url: string): string {
  return URL.parse(url)?.pathname.split('/').at(-1) ?? ''
}
