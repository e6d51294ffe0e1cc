import { useId } from 'preact/hooks'
import { SiteConfigureDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { Field } from '../../session/use-submit.ts'
import { SettingsForm, type SettingsPartProps } from './settings-form.tsx'

/** The origins from which the site's posts and media are fetched. */
export function OriginSettings({ site, onSaved }: SettingsPartProps) {
  const id = useId()
  const send = useSendToGraph()
  const [home = '', ...further] = site.origins
  const save = async (field: Field) => {
    const origins = field('origins')
      .split(/\s+/)
      .filter((origin) => origin !== '')
    await send(SiteConfigureDocument, { input: { siteId: site.siteId, origins } })
    onSaved()
  }
  return (
    <SettingsForm title="Origins" save={save}>
      <p class="hint" id={`${id}-hint`}>
        Posts and media are fetched from <code>{home}</code> and from the origins below alone, one per line.
        Add the host of your media if it is another one, such as <code>https://cdn.example.org</code>.
      </p>
      <div class="field">
        <label for={id}>Further origins</label>
        <textarea
          id={id}
          name="origins"
          rows={Math.max(3, further.length + 1)}
          spellcheck={false}
          aria-describedby={`${id}-hint`}
          defaultValue={further.join('\n')}
        />
      </div>
    </SettingsForm>
  )
}
