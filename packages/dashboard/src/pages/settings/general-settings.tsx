import { useId } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { SiteConfigureDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { Field as FieldText } from '../../session/use-submit.ts'
import { SettingsForm, type SettingsPartProps } from './settings-form.tsx'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.generalSettings

/** The site's name and time zone. */
export function GeneralSettings({ site, onSaved }: SettingsPartProps) {
  const id = useId()
  const send = useSendToGraph()
  const save = async (field: FieldText) => {
    const input = { siteId: site.siteId, name: field('name'), timeZone: field('timeZone') }
    await send(SiteConfigureDocument, { input })
    onSaved()
  }
  return (
    <SettingsForm title={texts.nameAndDays} save={save}>
      <Field
        label={texts.name}
        name="name"
        type="text"
        autoComplete="off"
        maxLength={100}
        required={false}
        value={site.name}
        hint={
          <>
            {texts.howReportsCall} <code>{site.url}</code>
            {texts.withoutNameTheyShow}
          </>
        }
      />
      <div class="field">
        <label for={id}>{texts.timeZone}</label>
        <p class="hint" id={`${id}-hint`}>
          {texts.daysOfReportsBegin}
        </p>
        <select id={id} name="timeZone" aria-describedby={`${id}-hint`}>
          {timeZones(site.timeZone).map((zone) => (
            <option key={zone} value={zone} selected={zone === site.timeZone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      </div>
    </SettingsForm>
  )
}

/** Returns the time zones that this browser knows, UTC, and the recorded one. */
function timeZones(recorded: string): string[] {
  return [...new Set(['UTC', recorded, ...Intl.supportedValuesOf('timeZone')])].toSorted((a, b) =>
    a.localeCompare(b),
  )
}
