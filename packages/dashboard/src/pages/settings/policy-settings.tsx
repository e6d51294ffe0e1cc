import { type Choice, Choices } from '../../components/choices.tsx'
import type { Mode } from '../../generated/graphql.ts'
import { SitePolicySetDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { Field } from '../../session/use-submit.ts'
import { consentLegend, consents } from '../../components/consent-choices.ts'
import { SettingsForm, type SettingsPartProps } from './settings-form.tsx'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.policySettings

const modes: readonly Choice<Mode>[] = [
  { value: 'FULL', label: texts.otherReadersAndSeeds, meaning: texts.readersOfSamePost },
  { value: 'SEEDS_ONLY', label: texts.seedsAlone, meaning: texts.sitesOwnSeedsHelp },
  { value: 'OFF', label: texts.nobody, meaning: texts.viewsAreMeasuredOnly },
]

/** The site's policy: which peers help readers, and how readers consent. */
export function PolicySettings({ site, onSaved }: SettingsPartProps) {
  const send = useSendToGraph()
  const save = async (field: Field) => {
    const mode = modes.find(({ value }) => value === field('mode'))?.value ?? site.mode
    const consent = consents.find(({ value }) => value === field('consent'))?.value ?? site.consent
    await send(SitePolicySetDocument, { input: { siteId: site.siteId, mode, consent } })
    onSaved()
  }
  return (
    <SettingsForm title={texts.readersWhoHelpEach} save={save}>
      <p class="hint">{texts.connectionsThatNewChoice}</p>
      <Choices legend={texts.whoHelpsReaders} name="mode" choices={modes} chosen={site.mode} />
      <Choices legend={consentLegend} name="consent" choices={consents} chosen={site.consent} />
    </SettingsForm>
  )
}
