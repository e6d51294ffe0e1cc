import { useState } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { LocalModelFetchDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'

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
    <form class="fields" aria-label="Fetch a model" onSubmit={submit}>
      <Field {...text} label="URL of a GGUF file" name="url" maxLength={2000} />
      <Field
        {...text}
        label="SHA-256"
        name="sha256"
        maxLength={64}
        hint="As the publisher of the file states it. A file with another one is removed."
      />
      <Field
        {...text}
        label="File name"
        name="name"
        required={false}
        maxLength={200}
        hint="Such as model.gguf. Empty: as in the URL."
      />
      <fieldset class="choices">
        <legend>Where it may come from</legend>
        <label>
          <input type="checkbox" name="private" value="yes" />
          <span>Also a private address, and without TLS</span>
        </label>
      </fieldset>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          Fetch
        </button>
        <span role="status">
          {isBegun && 'It is being fetched. A fetch that stops continues when you fetch it again.'}
        </span>
      </div>
    </form>
  )
}

/** Returns the last part of a URL's path; empty if it is no URL. */
function nameIn(url: string): string {
  return URL.parse(url)?.pathname.split('/').at(-1) ?? ''
}
