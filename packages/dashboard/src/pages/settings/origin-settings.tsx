import { useId } from 'preact/hooks'
import { SiteConfigureDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { Field } from '../../session/use-submit.ts'
import { SettingsForm, type SettingsPartProps } from './settings-form.tsx'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.originSettings

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
    <SettingsForm title={texts.origins} save={save}>
      <p class="hint" id={`${id}-hint`}>
        {texts.postsAndMedia} <code>{home}</code> {texts.andFromOriginsBelow}{' '}
        <code>https://cdn.example.org</code>.
      </p>
      <div class="field">
        <label for={id}>{texts.furtherOrigins}</label>
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
