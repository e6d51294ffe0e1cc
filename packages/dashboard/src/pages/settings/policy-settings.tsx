import type { Consent, Mode } from '../../generated/graphql.ts'
import { SitePolicySetDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { Field } from '../../session/use-submit.ts'
import { SettingsForm, type SettingsPartProps } from './settings-form.tsx'

interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly meaning: string
}

const modes: readonly Choice<Mode>[] = [
  { value: 'FULL', label: 'Other readers and seeds', meaning: 'Readers of the same post help each other.' },
  { value: 'SEEDS_ONLY', label: 'Seeds alone', meaning: 'The site’s own seeds help. Readers give nothing.' },
  { value: 'OFF', label: 'Nobody', meaning: 'Views are measured only.' },
]

const consents: readonly Choice<Consent>[] = [
  {
    value: 'REQUIRED',
    label: 'Ask first',
    meaning: 'A reader’s browser connects to no other reader before the reader agreed on the site.',
  },
  {
    value: 'NOTICE',
    label: 'Tell first',
    meaning:
      'A small notice informs each reader and takes a no. From when it is visible, browsers exchange pictures and videos, and their IP addresses become known to each other.',
  },
  {
    value: 'ASSUMED',
    label: 'Assume agreement',
    meaning:
      'Browsers exchange pictures and videos at once, and their IP addresses become known to each other. The site can offer an objection.',
  },
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
    <SettingsForm title="Readers who help each other" save={save}>
      <p class="hint">
        Connections that a new choice does not admit end within a minute. If the site’s CMS sets these, its
        settings replace yours when they change there.
      </p>
      <Choices legend="Who helps readers" name="mode" choices={modes} chosen={site.mode} />
      <Choices legend="What readers are asked" name="consent" choices={consents} chosen={site.consent} />
    </SettingsForm>
  )
}

interface ChoicesProps<Value extends string> {
  readonly legend: string
  readonly name: string
  readonly choices: readonly Choice<Value>[]
  readonly chosen: Value
}

function Choices<Value extends string>({ legend, name, choices, chosen }: ChoicesProps<Value>) {
  return (
    <fieldset class="choices" key={chosen}>
      <legend>{legend}</legend>
      {choices.map(({ value, label, meaning }) => (
        <label key={value}>
          <input type="radio" name={name} value={value} defaultChecked={value === chosen} />
          <span>
            {label}
            <small>{meaning}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
