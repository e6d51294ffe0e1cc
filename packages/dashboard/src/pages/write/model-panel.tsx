import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { Field } from '../../components/field.tsx'
import {
  ModelDocument,
  type ModelQuery,
  ModelRemoveDocument,
  ModelSetDocument,
} from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { type Field as FormField, useSubmit } from '../../session/use-submit.ts'
import { LocalModels } from './local-models.tsx'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.modelPanel

type Model = NonNullable<NonNullable<ModelQuery['site']>['model']>

/** Interval between two loads, ms. */
const modelEvery = 60_000
const micro = 1_000_000

/** The model that writes a site's drafts, with its budget; for owners. */
export function ModelPanel({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const { data, error, reload } = useGraph(ModelDocument, { siteId }, modelEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { model, mayManageModels } = data.site
  return (
    <>
      <section class="panel fields" aria-labelledby={id}>
        <h2 id={id}>{texts.modelForDrafts}</h2>
        {error !== null && <Failure error={error} onRetry={reload} />}
        <p class="hint">{texts.anyOpenaiCompatibleEndpoint}</p>
        {model !== null && <ChosenModel siteId={siteId} model={model} onChanged={reload} />}
        {/* A form that was filled in must not be emptied by the next load. */}
        <ModelForm
          key={model?.name ?? ''}
          siteId={siteId}
          model={model?.kind === 'LOCAL' ? null : model}
          mayManage={mayManageModels}
          onChanged={reload}
        />
      </section>
      {mayManageModels && (
        <LocalModels siteId={siteId} chosen={model?.kind === 'LOCAL' ? model.name : null} onChosen={reload} />
      )}
    </>
  )
}

interface ModelProps {
  readonly siteId: string
  readonly onChanged: () => void
}

function ChosenModel({ siteId, model, onChanged }: ModelProps & { readonly model: Model }) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const remove = () =>
    make(async () => {
      await send(ModelRemoveDocument, { input: { siteId } })
      onChanged()
    })
  return (
    <>
      <p>
        <strong>{model.name}</strong>{' '}
        {model.kind === 'LOCAL' ? texts.onThisServer : texts.at(model.baseUrl ?? '')}
        {model.hasKey ? texts.withKey : texts.withoutKey}
        {texts.thisMonthItHas(usedText(model))}
      </p>
      <div class="save">
        <button type="button" class="quiet" disabled={isBusy} onClick={remove}>
          {texts.removeModel}
        </button>
        {problem !== null && (
          <span class="bad" role="alert">
            {problem}
          </span>
        )}
      </div>
    </>
  )
}

function usedText({ currency, budget, use }: Model): string {
  if (currency === null) return texts.ofTokens(format.count(use.tokens), format.count(budget))
  return texts.of((use.cost / micro).toFixed(2), budget.toFixed(2), currency)
}

interface ModelFormProps extends ModelProps {
  /** The endpoint that is set; null: none, or a local model. */
  readonly model: Model | null
  /** Whether this person may let it have a private address. */
  readonly mayManage: boolean
}

function ModelForm({ siteId, model, mayManage, onChanged }: ModelFormProps) {
  const send = useSendToGraph()
  const [isSaved, setSaved] = useState(false)
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    setSaved(false)
    await send(ModelSetDocument, { input: { siteId, model: modelOf(field) } })
    setSaved(true)
    onChanged()
  })
  const text = { type: 'text', autoComplete: 'off' } as const
  return (
    <form class="fields" onSubmit={submit}>
      <Field
        {...text}
        label={texts.endpoint}
        name="baseUrl"
        value={model?.baseUrl ?? ''}
        hint={texts.addressBeforeChatCompletions}
      />
      <Field {...text} label={texts.nameOfModel} name="model" value={model?.name ?? ''} maxLength={200} />
      <Field
        label={texts.key}
        name="key"
        type="password"
        autoComplete="off"
        required={false}
        hint={texts.itIsStoredEncrypted}
      />
      <Field
        {...text}
        label={texts.budgetForMonth}
        name="budget"
        value={String(model?.budget ?? 1_000_000)}
      />
      <Field
        {...text}
        label={texts.priceOfMillionInput}
        name="inputPrice"
        required={false}
        value={textOf(model?.inputPrice)}
      />
      <Field
        {...text}
        label={texts.priceOfMillionOutput}
        name="outputPrice"
        required={false}
        value={textOf(model?.outputPrice)}
      />
      <Field
        {...text}
        label={texts.currency}
        name="currency"
        required={false}
        maxLength={3}
        value={model?.currency ?? ''}
        hint={texts.suchAsEur}
      />
      <Field
        {...text}
        label={texts.tokensOfAnswer}
        name="maxOutputTokens"
        value={String(model?.maxOutputTokens ?? 4096)}
        hint={texts.longestDraft}
      />
      {mayManage && (
        <fieldset class="choices">
          <legend>{texts.forAdministrators}</legend>
          <label>
            <input
              type="checkbox"
              name="private"
              value="yes"
              defaultChecked={model?.allowPrivateAddresses ?? false}
            />
            <span>{texts.endpointMayHavePrivate}</span>
          </label>
        </fieldset>
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.saveModel}
        </button>
        <span role="status">{isSaved && texts.saved}</span>
      </div>
    </form>
  )
}

function modelOf(field: FormField) {
  const key = field('key')
  return {
    kind: 'ENDPOINT',
    baseUrl: field('baseUrl').trim(),
    name: field('model').trim(),
    ...(key !== '' && { key }),
    budget: numberOf(field('budget'), 'budget'),
    inputPrice: field('inputPrice') === '' ? null : numberOf(field('inputPrice'), texts.priceOfInputTokens),
    outputPrice:
      field('outputPrice') === '' ? null : numberOf(field('outputPrice'), texts.priceOfOutputTokens),
    currency: field('currency').trim().toUpperCase() || null,
    maxOutputTokens: numberOf(field('maxOutputTokens'), texts.numberOfTokens),
    allowPrivateAddresses: field('private') === 'yes',
  } as const
}

/** @throws if a field is no number */
function numberOf(text: string, what: string): number {
  const value = Number(text.trim().replace(',', '.'))
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(texts.isNoNumberSuch(what))
  return value
}

function textOf(price: number | null | undefined): string {
  return price == null ? '' : String(price)
}
