import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { SiteSettingsQuery } from '../../generated/graphql.ts'
import { type Field, useSubmit } from '../../session/use-submit.ts'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.settingsForm

/** The settings as they are recorded. */
export type RecordedSettings = NonNullable<SiteSettingsQuery['site']>

/** What each part of the settings is given. */
export interface SettingsPartProps {
  readonly site: RecordedSettings
  readonly onSaved: () => void
}

interface SettingsFormProps {
  readonly title: string
  readonly save: (field: Field) => Promise<void>
  readonly children: ComponentChildren
}

/** One part of the settings, which is saved by itself. */
export function SettingsForm({ title, save, children }: SettingsFormProps) {
  const id = useId()
  const [isSaved, setSaved] = useState(false)
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    setSaved(false)
    await save(field)
    setSaved(true)
  })
  return (
    <form class="panel fields" aria-labelledby={id} onSubmit={submit} onInput={() => setSaved(false)}>
      <h2 id={id}>{title}</h2>
      {children}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.save}
        </button>
        <span role="status">{isSaved && texts.saved}</span>
      </div>
    </form>
  )
}
