import { Field } from '../../components/field.tsx'
import { SiteConfigureDocument } from '../../generated/graphql.ts'
import { settingsMessages } from '../../messages/settings-messages.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { Field as FieldText } from '../../session/use-submit.ts'
import { SettingsForm, type SettingsPartProps } from './settings-form.tsx'

const texts = settingsMessages.savingsSettings

/** The rates at which reports say what saved bytes are worth. */
export function SavingsSettings({ site: { siteId, savingsRates }, onSaved }: SettingsPartProps) {
  const send = useSendToGraph()
  const { pricePerGigabyte, currency, carbonPerGigabyte, isDefaultCarbon } = savingsRates
  const save = async (field: FieldText) => {
    const price = numberOf(texts.price, field('price'))
    const rates = {
      pricePerGigabyte: price,
      currency: price === null ? null : field('currency').trim().toUpperCase(),
      carbonPerGigabyte: numberOf(texts.carbon, field('carbon')),
    }
    await send(SiteConfigureDocument, { input: { siteId, savingsRates: rates } })
    onSaved()
  }
  return (
    <SettingsForm title={texts.title} save={save}>
      <p class="hint">{texts.intro}</p>
      <Field
        label={texts.price}
        name="price"
        type="text"
        autoComplete="off"
        maxLength={20}
        required={false}
        value={pricePerGigabyte === null ? '' : String(pricePerGigabyte)}
        hint={texts.priceHint}
      />
      <Field
        label={texts.currency}
        name="currency"
        type="text"
        autoComplete="off"
        maxLength={3}
        required={false}
        value={currency ?? ''}
        hint={texts.currencyHint}
      />
      <Field
        label={texts.carbon}
        name="carbon"
        type="text"
        autoComplete="off"
        maxLength={20}
        required={false}
        value={isDefaultCarbon ? '' : String(carbonPerGigabyte)}
        hint={texts.carbonHint}
      />
    </SettingsForm>
  )
}

/** Returns the number in a field, with a point or a comma; null if it is empty. */
function numberOf(label: string, text: string): number | null {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return null
  if (!/^\d+(?:\.\d+)?$/.test(trimmed)) throw new Error(texts.number(label))
  return Number(trimmed)
}
